package dev.glint.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBaseBlock;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A block whose input goes around it and is joined with its output again: by a sum (He et al., "Deep Residual Learning
 * for Image Recognition", 2015) or by a product (Hu et al., "Squeeze-and-Excitation Networks", 2017). The children of
 * the block count as children of this one.
 */
final class Shortcut extends AbstractBaseBlock {
    private static final String DOWNSAMPLE = "downsample";

    private final Block body;
    private final @Nullable Block downsample;
    private final BinaryOperator<NDArray> join;

    private Shortcut(Block body, @Nullable Block downsample, BinaryOperator<NDArray> join) {
        this.body = body;
        this.downsample = downsample;
        this.join = join;
    }

    /** x + body(x); the shapes are equal. */
    static Shortcut sum(Block body) {
        return new Shortcut(body, null, NDArray::add);
    }

    /** downsample(x) + body(x); the first is a child of the name {@code downsample}, null for x itself. */
    static Shortcut sum(Block body, @Nullable Block downsample) {
        return new Shortcut(body, downsample, NDArray::add);
    }

    /** x * body(x); the second may be of shape (N, C, 1, 1). */
    static Shortcut product(Block body) {
        return new Shortcut(body, null, NDArray::mul);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, @Nullable PairList<String, Object> options) {
        NDList around = downsample == null ? inputs : downsample.forward(parameters, inputs, training);
        NDList through = body.forward(parameters, inputs, training);
        return new NDList(join.apply(around.singletonOrThrow(), through.singletonOrThrow()));
    }

    /** Unlike DJL's it leaves the parameters of the body to the blocks that have them. */
    @Override
    public void initialize(NDManager manager, DataType dataType, Shape... inputShapes) {
        beforeInitialize(inputShapes);
        initializeChildBlocks(manager, dataType, inputShapes);
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
        body.initialize(manager, dataType, inputShapes);
        if (downsample != null) {
            downsample.initialize(manager, dataType, inputShapes);
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return downsample == null ? inputShapes : downsample.getOutputShapes(inputShapes);
    }

    @Override
    public boolean isInitialized() {
        return inputShapes != null && body.isInitialized() && (downsample == null || downsample.isInitialized());
    }

    @Override
    public BlockList getChildren() {
        BlockList children = body.getChildren();
        if (downsample != null) {
            children.add(DOWNSAMPLE, downsample);
        }
        return children;
    }

    @Override
    public ParameterList getDirectParameters() {
        return body.getDirectParameters();
    }

    @Override
    public void freezeParameters(boolean freeze) {
        freezeParameters(freeze, parameter -> true);
    }

    @Override
    public void freezeParameters(boolean freeze, Predicate<Parameter> predicate) {
        body.freezeParameters(freeze, predicate);
        if (downsample != null) {
            downsample.freezeParameters(freeze, predicate);
        }
    }
}
