package dev.glint.trainer.recipe;

import java.util.Arrays;
import java.util.Locale;

/**
 * What makes a step out of gradients, and which parameters it treats differently.
 *
 * @param kind the optimizer
 * @param learningRate its highest learning rate, positive
 * @param momentum what it keeps of the last steps, 0 or more, below 1: the momentum of SGD, the first beta of Adam
 * @param weightDecay 0 or more: the factor of the L2 penalty that is added to the gradients; of AdamW, what a weight loses
 *     by a step at learning rate 1
 * @param decaysAll whether weight decay hits normalization layers, biases and embeddings as well, which PyTorch's
 *     optimizers do by default
 * @param normBiasRate how many times the learning rate the biases of batch norm have (Page, "How to Train Your ResNet
 *     8", 2019), positive
 * @param clipNorm the largest norm of all gradients together; larger ones are scaled down to it (Pascanu et al., "On the
 *     Difficulty of Training Recurrent Neural Networks", 2013); 0 for no limit
 */
public record OptimizerSettings(
        Kind kind,
        double learningRate,
        double momentum,
        double weightDecay,
        boolean decaysAll,
        double normBiasRate,
        double clipNorm) {

    /** The optimizers. */
    public enum Kind {
        /** Stochastic gradient descent with Nesterov momentum. */
        SGD_NESTEROV(5e-4),
        /** Adam with beta2 0.999, epsilon 1e-8. */
        ADAM(0),
        /** Adam whose weight decay does not go through the moments (Loshchilov, Hutter, 2019). */
        ADAMW(0.01);

        private final double usualWeightDecay;

        Kind(double usualWeightDecay) {
            this.usualWeightDecay = usualWeightDecay;
        }

        /** Whether its steps are of the size of the learning rate, however small the gradients are. */
        boolean isAdaptive() {
            return this != SGD_NESTEROV;
        }

        /** The name on the command line and in a run's configuration. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The kind of a name. */
        public static Kind named(String id) {
            return Arrays.stream(values())
                    .filter(kind -> kind.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("the optimizer '" + id + "'"));
        }
    }

    public OptimizerSettings {
        Checks.requirePositive(learningRate, "learning rate");
        Checks.require(momentum >= 0 && momentum < 1, "a momentum of " + momentum);
        Checks.requireNotNegative(weightDecay, "weight decay");
        Checks.requirePositive(normBiasRate, "rate of batch norm's biases");
        Checks.requireNotNegative(clipNorm, "gradient norm");
    }

    /** With momentum 0.9 and the same treatment of all parameters. */
    public static OptimizerSettings plain(Kind kind, double learningRate, double weightDecay) {
        return new OptimizerSettings(kind, learningRate, 0.9, weightDecay, true, 1, 0);
    }

    /**
     * Another optimizer for the same network, with the learning rate and the weight decay that are usual for it. An adaptive
     * one takes a hundredth of the rate of SGD; SGD in place of an adaptive one takes ten times its rate, since networks
     * that have one here bear no high rates.
     */
    public OptimizerSettings replacedBy(Kind other) {
        if (other == kind) {
            return this;
        }
        double rate = learningRate;
        if (kind.isAdaptive() != other.isAdaptive()) {
            rate = other.isAdaptive() ? learningRate / 100 : learningRate * 10;
        }
        return new OptimizerSettings(other, rate, momentum, other.usualWeightDecay, decaysAll, normBiasRate, clipNorm);
    }
}
