package dev.glint.onnx.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** A block with weights {@code w0}, {@code w1} and so on, each of the shape of one picture, and anything done to them. */
public final class OwnWeights extends AbstractBlock {
    private final List<Parameter> weights = new ArrayList<>();
    private final BiFunction<NDArray, List<NDArray>, NDArray> body;

    /** A block with so many weights. */
    public OwnWeights(int count, BiFunction<NDArray, List<NDArray>, NDArray> body) {
        this(IntStream.range(0, count).mapToObj(i -> "w" + i).toList(), body);
    }

    /** A block with weights of these names. */
    public OwnWeights(List<String> names, BiFunction<NDArray, List<NDArray>, NDArray> body) {
        this.body = body;
        for (String name : names) {
            weights.add(addParameter(Parameter.builder()
                    .setName(name)
                    .setType(Parameter.Type.WEIGHT)
                    .build()));
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> options) {
        NDArray x = inputs.singletonOrThrow();
        List<NDArray> values = weights.stream()
                .map(weight -> parameters.getValue(weight, x.getDevice(), training))
                .toList();
        return new NDList(body.apply(x, values));
    }

    @Override
    protected void prepare(Shape[] inputShapes) {
        weights.forEach(weight -> weight.setShape(new Shape(1).addAll(inputShapes[0].slice(1))));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray x = manager.ones(inputShapes[0]);
            List<NDArray> ones = weights.stream()
                    .map(weight -> manager.ones(weight.getShape()))
                    .toList();
            return new Shape[] {body.apply(x, ones).getShape()};
        }
    }
}
