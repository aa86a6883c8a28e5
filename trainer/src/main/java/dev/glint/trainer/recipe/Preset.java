package dev.glint.trainer.recipe;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.augment.AlternatingFlip;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.augment.HorizontalFlip;
import dev.glint.trainer.augment.RandomResizedCrop;
import dev.glint.trainer.augment.ReflectCrop;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import java.util.List;
import java.util.Locale;

/** Recipes by name. */
public enum Preset {
    /**
     * What the courses teach: 40 epochs of SGD with Nesterov momentum 0.9 in batches of 128, a learning rate of 0.1 that
     * falls along half a cosine after an epoch of warm-up, weight decay 5e-4 on everything, crop and flip. Networks
     * without batch norm take Adam and a lower rate, the bar CNN 5 epochs at a constant one.
     */
    COURSE {
        @Override
        public Recipe of(Architecture architecture) {
            switch (architecture) {
                case BAR_CNN:
                    return Recipe.plain(5, 32, adam(0.003), CONSTANT, Augmentations.NONE);
                case MLP:
                case SIMPLE_CNN:
                case SIMPLE_CNN_224:
                    return Recipe.plain(20, 128, adam(0.001), COSINE, Augmentations.CROP_FLIP);
                case VGG16:
                case VIT_B_16:
                    // Without batch norm, higher rates end in infinite losses.
                    return Recipe.plain(20, 64, adam(0.0001), COSINE, Augmentations.CROP_FLIP);
                default:
                    return Recipe.plain(
                            40,
                            128,
                            OptimizerSettings.plain(Kind.SGD_NESTEROV, 0.1, 5e-4),
                            COSINE,
                            Augmentations.CROP_FLIP);
            }
        }
    },

    /**
     * As few epochs as possible for the accuracy, for convolutional networks with batch norm: 12 epochs of one cycle with
     * the peak after a fifth, label smoothing, a first convolution that whitens, no weight decay on normalization and
     * biases, a higher learning rate for batch norm's biases, a crop by 2 pixels, a mirror image in every second epoch
     * and at test time. After Page, "How to Train Your ResNet", 2019, and Jordan, "94% on CIFAR-10 in 3.29 Seconds on a
     * Single GPU", 2024.
     */
    FAST {
        @Override
        public Recipe of(Architecture architecture) {
            switch (architecture) {
                case BAR_CNN:
                case MLP:
                case SIMPLE_CNN_224:
                case VGG16:
                case VIT_B_16:
                    throw GlintException.failure(
                            Reason.USAGE,
                            "the preset fast for " + architecture.id(),
                            "a convolutional network with batch norm",
                            "choose the preset course");
                default:
                    return new Recipe(
                            12,
                            128,
                            new OptimizerSettings(Kind.SGD_NESTEROV, 0.2, 0.9, 8e-4, false, 8, 0),
                            new Schedule(new Schedule.OneCycle(0.2), 0),
                            0.1,
                            0,
                            true,
                            true,
                            FineTuning.NONE,
                            new Augmentations(List.of(new ReflectCrop(2), new AlternatingFlip())));
            }
        }
    },

    /**
     * For weights that were fitted to other pictures: 10 epochs of AdamW in batches of 32, the first two of them for the
     * head alone, a learning rate that falls along half a cosine after a short warm-up, label smoothing, weight decay on
     * matrices and kernels only. The head's learning rate is 0.002; what the weights have learned already changes at a
     * lower one. Photos are seen as random parts of at least 0.35 of their area, mirrored or not. After Howard and
     * Ruder, "Universal Language Model Fine-tuning", 2018.
     */
    FINE_TUNE {
        @Override
        public Recipe of(Architecture architecture) {
            return new Recipe(
                    10,
                    32,
                    new OptimizerSettings(Kind.ADAMW, 0.002, 0.9, 0.05, false, 1, 0),
                    COSINE,
                    0.1,
                    0,
                    false,
                    false,
                    new FineTuning(2, null, false),
                    moderate(architecture));
        }

        private Augmentations moderate(Architecture architecture) {
            switch (architecture.input()) {
                case BARS:
                    return Augmentations.NONE;
                case CIFAR:
                    return Augmentations.CROP_FLIP;
                default:
                    return new Augmentations(List.of(new RandomResizedCrop(0.35, 1), new HorizontalFlip(0.5)));
            }
        }
    };

    private static final Schedule CONSTANT = new Schedule(new Schedule.Constant(), 0);
    private static final Schedule COSINE = new Schedule(new Schedule.Cosine(), 1);

    /**
     * The recipe for an architecture.
     *
     * @throws GlintException ({@code USAGE}) if the preset is not made for it
     */
    public abstract Recipe of(Architecture architecture);

    /** The name on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name on the command line, which its errors list. */
    @Override
    public String toString() {
        return id();
    }

    private static OptimizerSettings adam(double learningRate) {
        return OptimizerSettings.plain(Kind.ADAM, learningRate, 0);
    }
}
