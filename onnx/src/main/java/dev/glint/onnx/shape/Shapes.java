package dev.glint.onnx.shape;

import dev.glint.onnx.graph.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of the values of a graph. */
public final class Shapes {
    private final Map<String, Facts> facts = new HashMap<>();

    /**
     * What is known of a value.
     *
     * @param type what it holds; null if nobody knows
     * @param shape its dimensions; null if not all are known
     * @param content what a small tensor of integers holds, row by row; null if it is none, or depends on pixels
     * @param reals what a small constant of floats holds; null if it is none
     */
    record Facts(
            @Nullable ElementType type,
            @Nullable List<Size> shape,
            @Nullable List<Size> content,
            @Nullable List<Float> reals) {
        static final Facts NONE = new Facts(null, null, null, null);
    }

    Facts facts(String value) {
        return facts.getOrDefault(value, Facts.NONE);
    }

    void put(String value, Facts known) {
        facts.put(value, known);
    }

    /** What a value holds. */
    public Optional<ElementType> type(String value) {
        return Optional.ofNullable(facts(value).type());
    }

    /** The dimensions of a value, if all are known. */
    public Optional<List<Size>> shape(String value) {
        return Optional.ofNullable(facts(value).shape());
    }

    /** What a small tensor of integers holds, row by row, if that does not depend on pixels. */
    public Optional<List<Size>> content(String value) {
        return Optional.ofNullable(facts(value).content());
    }

    /** The number of dimensions. */
    public Optional<Integer> rank(String value) {
        return shape(value).map(List::size);
    }

    /** The number of elements of a value that is the same for any batch. */
    public Optional<Long> fixedSize(String value) {
        return shape(value)
                .filter(shape -> shape.stream().noneMatch(Size::perPicture))
                .map(shape -> Size.product(shape).factor());
    }
}
