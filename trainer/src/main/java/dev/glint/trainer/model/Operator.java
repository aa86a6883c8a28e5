package dev.glint.trainer.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBaseBlock;
import ai.djl.nn.BlockList;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.glint.trainer.engine.Scalars;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A layer without parameters. Unlike DJL's {@code LambdaBlock} it knows the shape of its output without computing one.
 */
public final class Operator extends AbstractBaseBlock {
    private final String name;
    private final UnaryOperator<NDArray> function;
    private final UnaryOperator<NDArray> trainingFunction;
    private final UnaryOperator<Shape> outputShape;

    Operator(String name, UnaryOperator<NDArray> function, UnaryOperator<Shape> outputShape) {
        this(name, function, function, outputShape);
    }

    private Operator(
            String name,
            UnaryOperator<NDArray> function,
            UnaryOperator<NDArray> trainingFunction,
            UnaryOperator<Shape> outputShape) {
        this.name = name;
        this.function = function;
        this.trainingFunction = trainingFunction;
        this.outputShape = outputShape;
    }

    /** A layer whose output has the shape of its input. */
    static Operator elementwise(String name, UnaryOperator<NDArray> function) {
        return new Operator(name, function, UnaryOperator.identity());
    }

    /**
     * The same.
     *
     * @param trainingFunction computes the same, from numbers that outlive the forward pass: {@link Scalars#constant}
     */
    static Operator elementwise(String name, UnaryOperator<NDArray> function, UnaryOperator<NDArray> trainingFunction) {
        return new Operator(name, function, trainingFunction, UnaryOperator.identity());
    }

    /** What it computes, such as {@code max-pool}. */
    public String name() {
        return name;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, @Nullable PairList<String, Object> options) {
        return new NDList((training ? trainingFunction : function).apply(inputs.singletonOrThrow()));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {outputShape.apply(inputShapes[0])};
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
