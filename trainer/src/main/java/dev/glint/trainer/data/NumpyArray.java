package dev.glint.trainer.data;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.pickle.PickleValue;
import dev.glint.trainer.pickle.PickleValue.Scalar;
import dev.glint.trainer.pickle.PickleValue.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A pickled NumPy array. */
final class NumpyArray implements PickleValue.Made {
    /** The version of the state, and the sizes, type, order and bytes in it. */
    private static final int STATE_FIELDS = 5;

    private @Nullable List<PickleValue> state;

    /** Takes what {@code ndarray.__reduce__} has given: version, shape, type, whether columns come first, bytes. */
    void build(PickleValue state) {
        if (!(state instanceof Tuple tuple) || tuple.items().size() != STATE_FIELDS) {
            throw invalid("an array with another state than NumPy's");
        }
        this.state = tuple.items();
    }

    /** The samples of an array of 8-bit numbers of this shape, row by row. */
    byte[] bytes(int rows, int columns) {
        if (state == null) {
            throw invalid("an array without values");
        }
        Tuple shape = new Tuple(List.of(new Scalar((long) rows), new Scalar((long) columns)));
        if (!state.get(1).equals(shape)) {
            throw invalid("an array of another shape than " + rows + "x" + columns);
        }
        if (!(state.get(2) instanceof NumpyVocabulary.Type type) || !type.name().equals("u1")) {
            throw invalid("an array of something else than unsigned 8-bit numbers");
        }
        if (!state.get(3).equals(new Scalar(false)) && !state.get(3).equals(new Scalar(0L))) {
            throw invalid("an array with its columns first");
        }
        if (!(state.get(4) instanceof Scalar scalar && scalar.value() instanceof String text)
                || text.length() != (long) rows * columns) {
            throw invalid("an array without " + rows + "x" + columns + " bytes");
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static GlintException invalid(String found) {
        return GlintException.failure(
                Reason.INPUT,
                found,
                "an array of 8-bit samples, a row per picture, as many as labels",
                "unpack cifar-10-python.tar.gz again");
    }
}
