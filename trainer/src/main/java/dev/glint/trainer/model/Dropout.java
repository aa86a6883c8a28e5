package dev.glint.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBaseBlock;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Sets parts of its input to 0 at random in training and divides the rest by the probability to stay; the identity in
 * inference. What is dropped comes from Java's randomness, so that every engine and device drops the same.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., "Dropout", 2014</a>
 */
public final class Dropout extends AbstractBaseBlock {
    /** What is dropped at once. */
    public enum Unit {
        /** Single values. */
        VALUE(Integer.MAX_VALUE),
        /** Whole channels, as PyTorch's {@code Dropout2d}. */
        CHANNEL(2),
        /** All of a picture: stochastic depth (Huang et al., "Deep Networks with Stochastic Depth", 2016). */
        PICTURE(1);

        private final int dimensions;

        Unit(int dimensions) {
            this.dimensions = dimensions;
        }
    }

    private final float rate;
    private final Unit unit;
    private Random random = new Random(0);

    /**
     * A layer that drops.
     *
     * @param rate the probability to be dropped, 0 to 1, less than 1
     * @param unit what is dropped at once
     */
    public Dropout(float rate, Unit unit) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("a dropout rate of " + rate);
        }
        this.rate = rate;
        this.unit = unit;
    }

    /**
     * Gives every dropout layer of a block a stream of randomness of its own. Doing so at the beginning of an epoch
     * makes the epoch repeatable.
     *
     * @param seeds where the streams' seeds come from, in the order of the layers
     */
    public static void reseed(Block block, Random seeds) {
        if (block instanceof Dropout dropout) {
            dropout.random = new Random(seeds.nextLong());
        }
        block.getChildren().values().forEach(child -> reseed(child, seeds));
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, @Nullable PairList<String, Object> options) {
        if (!training || rate == 0) {
            return inputs;
        }
        NDArray input = inputs.singletonOrThrow();
        return new NDList(input.mul(mask(input)));
    }

    private NDArray mask(NDArray input) {
        long[] shape = input.getShape().getShape().clone();
        Arrays.fill(shape, Math.min(unit.dimensions, shape.length), shape.length, 1);
        float[] mask = new float[Math.toIntExact(new Shape(shape).size())];
        float kept = 1 / (1 - rate);
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextFloat() < rate ? 0 : kept;
        }
        // A copy in the engine's own memory: the backward pass needs it after Java has forgotten the array and its
        // buffer.
        try (NDArray borrowed = input.getManager().create(mask, new Shape(shape))) {
            return borrowed.toDevice(input.getDevice(), false).duplicate();
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return inputShapes;
    }

    @Override
    public BlockList getChildren() {
        return new BlockList();
    }

    @Override
    public ParameterList getDirectParameters() {
        return new ParameterList();
    }
}
