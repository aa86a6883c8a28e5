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

        /** The names that {@link #named} knows, for help texts and errors. */
        public static final String KNOWN = "sgd-nesterov, adam or adamw";

        final double usualWeightDecay;

        Kind(double usualWeightDecay) {
            this.usualWeightDecay = usualWeightDecay;
        }

        /** Whether its steps are of the size of the learning rate, however small the gradients are. */
        boolean isAdaptive() {
            return this != SGD_NESTEROV;
        }

        /** The name on the command line and in a run's configuration. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The kind of a name. */
        public static Kind named(String id) {
            return Arrays.stream(values())
                    .filter(kind -> kind.toString().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("the optimizer '" + id + "'"));
        }
    }

    public OptimizerSettings {
        Hyperparameter.LEARNING_RATE.require(learningRate);
        Hyperparameter.MOMENTUM.require(momentum);
        Hyperparameter.WEIGHT_DECAY.require(weightDecay);
        Hyperparameter.NORM_BIAS_RATE.require(normBiasRate);
        Hyperparameter.CLIP_NORM.require(clipNorm);
    }

    OptimizerSettings(RecipeDraft draft) {
        this(
                draft.get(Hyperparameter.OPTIMIZER),
                draft.get(Hyperparameter.LEARNING_RATE),
                draft.get(Hyperparameter.MOMENTUM),
                draft.get(Hyperparameter.WEIGHT_DECAY),
                draft.get(Hyperparameter.DECAYS_ALL),
                draft.get(Hyperparameter.NORM_BIAS_RATE),
                draft.get(Hyperparameter.CLIP_NORM));
    }

    /** With momentum 0.9 and the same treatment of all parameters. */
    public static OptimizerSettings plain(Kind kind, double learningRate, double weightDecay) {
        return new OptimizerSettings(kind, learningRate, 0.9, weightDecay, true, 1, 0);
    }
}
