package dev.glint.trainer.fit;

import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.model.Architecture;
import java.util.Locale;

/**
 * How a model is fitted.
 *
 * @param epochs how often each picture is seen, at least 1
 * @param batchSize pictures per step, at least 1
 * @param optimizer what makes a step out of gradients
 * @param learningRate its highest learning rate, positive
 * @param weightDecay the L2 penalty's factor, added to the gradient of every parameter, batch norm and biases included,
 *     as PyTorch's optimizers do by default; 0 or more
 * @param decline what becomes of the learning rate
 * @param warmupEpochs how long the learning rate rises, in epochs, 0 or more; a rise takes no more than a fifth of the
 *     fit
 * @param augmentations what happens to training pictures
 */
public record Recipe(
        int epochs,
        int batchSize,
        OptimizerKind optimizer,
        double learningRate,
        double weightDecay,
        Decline decline,
        double warmupEpochs,
        Augmentations augmentations) {

    /** The optimizers. */
    public enum OptimizerKind {
        /** Stochastic gradient descent with Nesterov momentum 0.9. */
        SGD_NESTEROV,
        /** Adam with beta1 0.9, beta2 0.999, epsilon 1e-8. */
        ADAM
    }

    /** How the learning rate falls. */
    public enum Decline {
        /** Not at all. */
        CONSTANT,
        /** To 0 along half a cosine. */
        COSINE
    }

    public Recipe {
        require(epochs >= 1, epochs + " epochs");
        require(batchSize >= 1, "batches of " + batchSize);
        require(learningRate > 0 && Double.isFinite(learningRate), "learning rate " + learningRate);
        require(weightDecay >= 0 && Double.isFinite(weightDecay), "weight decay " + weightDecay);
        require(warmupEpochs >= 0 && Double.isFinite(warmupEpochs), "warm-up of " + warmupEpochs + " epochs");
    }

    /** What a model is fitted with where nobody says otherwise. */
    public static Recipe defaultFor(Architecture architecture) {
        switch (architecture) {
            case BAR_CNN:
                return new Recipe(5, 32, OptimizerKind.ADAM, 0.003, 0, Decline.CONSTANT, 0, Augmentations.NONE);
            case MLP:
            case SIMPLE_CNN:
            case SIMPLE_CNN_224:
                return new Recipe(20, 128, OptimizerKind.ADAM, 0.001, 0, Decline.COSINE, 1, Augmentations.CROP_FLIP);
            case VGG16:
            case VIT_B_16:
                // Without batch norm, higher rates end in infinite losses.
                return new Recipe(20, 64, OptimizerKind.ADAM, 0.0001, 0, Decline.COSINE, 1, Augmentations.CROP_FLIP);
            default:
                return new Recipe(
                        40, 128, OptimizerKind.SGD_NESTEROV, 0.1, 5e-4, Decline.COSINE, 1, Augmentations.CROP_FLIP);
        }
    }

    /** The learning rates of a fit with this many steps per epoch. */
    public LearningRateSchedule schedule(int stepsPerEpoch) {
        if (decline == Decline.CONSTANT) {
            return new LearningRateSchedule.Constant(learningRate);
        }
        long total = (long) epochs * stepsPerEpoch;
        long warmup = Math.min(Math.round(warmupEpochs * stepsPerEpoch), total / 5);
        return new LearningRateSchedule.Cosine(learningRate, warmup, total);
    }

    /** The name of a constant as it stands in a run's configuration. */
    public static String id(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The constant of a name in a run's configuration. */
    public static <E extends Enum<E>> E constant(Class<E> type, String id) {
        return Enum.valueOf(type, id.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }
}
