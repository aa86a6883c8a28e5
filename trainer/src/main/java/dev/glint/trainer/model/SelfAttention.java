package dev.glint.trainer.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.glint.trainer.engine.Scalars;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention of a sequence of tokens to itself (Vaswani et al., "Attention Is All You Need", 2017), of shape
 * (N, T, D), without the projection at the end. Queries, keys and values come from one matrix, {@code in_proj_weight},
 * as in PyTorch's {@code MultiheadAttention}.
 */
final class SelfAttention extends AbstractBlock {
    private final int width;
    private final int heads;
    private final Parameter weight = parameter("in_proj_weight");
    private final Parameter bias = parameter("in_proj_bias");

    /**
     * Attention.
     *
     * @param width values of a token, a multiple of the heads
     */
    SelfAttention(int width, int heads) {
        this.width = width;
        this.heads = heads;
        addParameter(weight);
        addParameter(bias);
    }

    private static Parameter parameter(String name) {
        return Parameter.builder().setName(name).setType(Parameter.Type.OTHER).build();
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, @Nullable PairList<String, Object> options) {
        NDArray x = inputs.singletonOrThrow();
        Device device = x.getDevice();
        NDArray projected = Linear.linear(
                        x, parameters.getValue(weight, device, training), parameters.getValue(bias, device, training))
                .singletonOrThrow();
        long batch = x.getShape().get(0);
        long tokens = x.getShape().get(1);
        long headWidth = width / heads;
        NDArray split = projected
                .reshape(batch, tokens, 3, heads, headWidth)
                .transpose(2, 0, 3, 1, 4); // (3, N, heads, T, D / heads)
        double scale = 1 / Math.sqrt((double) headWidth);
        NDArray queries = training
                ? split.get(0).mul(Scalars.constant(scale, inputs.head().getManager()))
                : split.get(0).mul(scale);
        NDArray scores = queries.matMul(split.get(1).transpose(0, 1, 3, 2));
        NDArray mixed = scores.softmax(-1).matMul(split.get(2));
        return new NDList(mixed.transpose(0, 2, 1, 3).reshape(batch, tokens, width));
    }

    @Override
    protected void prepare(Shape[] inputShapes) {
        weight.setShape(new Shape(3L * width, width));
        bias.setShape(new Shape(3L * width));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return inputShapes;
    }
}
