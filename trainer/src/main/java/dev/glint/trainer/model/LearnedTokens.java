package dev.glint.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/** Tokens that are parameters, joined with a sequence of tokens of shape (N, T, D). */
final class LearnedTokens extends AbstractBlock {
    private final boolean added;
    private final int width;
    private final Parameter tokens;

    private LearnedTokens(String name, boolean added, int width) {
        this.added = added;
        this.width = width;
        this.tokens = addParameter(
                Parameter.builder().setName(name).setType(Parameter.Type.OTHER).build());
    }

    /** Puts one token in front, whose last state stands for the whole picture. */
    static LearnedTokens classToken(int width) {
        return new LearnedTokens("class_token", false, width);
    }

    /** Adds to each token what says where it stands. */
    static LearnedTokens position(int width) {
        return new LearnedTokens("pos_embedding", true, width);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, @Nullable PairList<String, Object> options) {
        NDArray x = inputs.singletonOrThrow();
        NDArray learned = parameters.getValue(tokens, x.getDevice(), training);
        if (added) {
            return new NDList(x.add(learned));
        }
        // Sums of padded tokens are the concatenation, for any number of pictures: a traced graph has no size to repeat
        // to.
        NDArray behind = x.pad(new Shape(0, 0, 1, 0), 0);
        NDArray before = learned.pad(new Shape(0, 0, 0, x.getShape().get(1)), 0);
        before.attach(x.getManager());
        return new NDList(behind.add(before));
    }

    @Override
    protected void prepare(Shape[] inputShapes) {
        tokens.setShape(new Shape(1, added ? inputShapes[0].get(1) : 1, width));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        Shape shape = inputShapes[0];
        return new Shape[] {added ? shape : new Shape(shape.get(0), shape.get(1) + 1, width)};
    }
}
