package dev.glint.trainer.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization over dimension 1 of (N, C) or (N, C, H, W), after Ioffe and Szegedy, "Batch Normalization", 2015:
 * {@code y = (x - mean) / sqrt(variance + epsilon) * weight + bias}, where mean and variance are those of the batch in
 * training, the running ones in inference.
 *
 * <p>Frozen (by {@link #freezeParameters}), it keeps its running statistics and uses them in training too; DJL's own
 * block goes on updating them, and makes them trainable when it thaws.
 *
 * <p>A training batch of one value per channel is a {@link GlintException} ({@code USAGE}).
 */
final class BatchNormalization extends AbstractBlock {
    /** DJL's engine for PyTorch swaps dimensions around the operator for any other value; both mean dimension 1. */
    private static final int CHANNEL_AXIS = -1;

    private final float epsilon;
    private final float momentum;
    private final Parameter weight = parameter("weight", Parameter.Type.GAMMA, true);
    private final Parameter bias = parameter("bias", Parameter.Type.BETA, true);
    private final Parameter runningMean = parameter("running_mean", Parameter.Type.RUNNING_MEAN, false);
    private final Parameter runningVariance = parameter("running_var", Parameter.Type.RUNNING_VAR, false);

    private @Nullable Consumer<NDArray> observer;

    /** Batch normalization with PyTorch's defaults: epsilon 1e-5, momentum 0.1. */
    public BatchNormalization() {
        this(1e-5f, 0.1f);
    }

    /**
     * Batch normalization.
     *
     * @param epsilon added to the variance
     * @param momentum the share of a batch in the running statistics, as PyTorch has it (DJL's is 1 minus this)
     */
    public BatchNormalization(float epsilon, float momentum) {
        this.epsilon = epsilon;
        this.momentum = momentum;
        List.of(weight, bias, runningMean, runningVariance).forEach(this::addParameter);
    }

    private static Parameter parameter(String name, Parameter.Type type, boolean trainable) {
        return Parameter.builder()
                .setName(name)
                .setType(type)
                .optRequiresGrad(trainable)
                .build();
    }

    /** Shows every input of the layer to someone, null for no one. */
    void observe(@Nullable Consumer<NDArray> newObserver) {
        observer = newObserver;
    }

    /** Added to the variance. */
    float epsilon() {
        return epsilon;
    }

    Parameter weight() {
        return weight;
    }

    Parameter bias() {
        return bias;
    }

    Parameter runningMean() {
        return runningMean;
    }

    Parameter runningVariance() {
        return runningVariance;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameters, NDList inputs, boolean training, @Nullable PairList<String, Object> options) {
        NDArray input = inputs.singletonOrThrow();
        if (observer != null) {
            observer.accept(input);
        }
        boolean ofBatch = training && weight.requiresGradient();
        if (ofBatch && input.size() == input.getShape().get(1)) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "one value per channel in a batch, which has no variance",
                    "two or more for batch normalization",
                    "choose a larger --batch-size or --size, or add pictures");
        }
        Device device = input.getDevice();
        return input.getNDArrayInternal()
                .batchNorm(
                        input,
                        parameters.getValue(runningMean, device, training),
                        parameters.getValue(runningVariance, device, training),
                        parameters.getValue(weight, device, training),
                        parameters.getValue(bias, device, training),
                        CHANNEL_AXIS,
                        1 - momentum,
                        epsilon,
                        ofBatch);
    }

    @Override
    protected void prepare(Shape[] inputShapes) {
        Shape channels = new Shape(inputShapes[0].get(1));
        getDirectParameters().values().forEach(parameter -> parameter.setShape(channels));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return inputShapes;
    }

    @Override
    public void freezeParameters(boolean freeze) {
        freezeParameters(freeze, parameter -> true);
    }

    /** Running statistics are never trainable. */
    @Override
    public void freezeParameters(boolean freeze, Predicate<Parameter> predicate) {
        for (Parameter parameter : List.of(weight, bias)) {
            if (predicate.test(parameter)) {
                parameter.freeze(freeze);
            }
        }
    }
}
