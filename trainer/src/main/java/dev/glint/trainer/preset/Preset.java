package dev.glint.trainer.preset;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.augment.AlternatingFlip;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.augment.HorizontalFlip;
import dev.glint.trainer.augment.RandomResizedCrop;
import dev.glint.trainer.augment.ReflectCrop;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Recipes by name. */
public enum Preset {
    /**
     * What the courses teach: 40 epochs of SGD with Nesterov momentum 0.9 in batches of 128, a learning rate of 0.1 that
     * falls along half a cosine after an epoch of warm-up, weight decay 5e-4 on everything, crop and flip. Networks
     * without batch norm take Adam and a lower rate, the bar CNN 5 epochs at a constant one.
     */
    COURSE {
        @Override
        public Recipe recipe(Architecture architecture) {
            return architecture.usualFit().recipe();
        }
    },

    /**
     * As few epochs as possible for the accuracy, for convolutional networks with batch norm and small pictures: 12 epochs of one cycle with
     * the peak after a fifth, label smoothing, a first convolution that whitens, no weight decay on normalization and
     * biases, a higher learning rate for batch norm's biases, a crop by 2 pixels, a mirror image in every second epoch
     * and at test time. After Page, "How to Train Your ResNet", 2019, and Jordan, "94% on CIFAR-10 in 3.29 Seconds on a
     * Single GPU", 2024.
     */
    FAST {
        @Override
        public Recipe recipe(Architecture architecture) {
            if (!isFastFor(architecture)) {
                throw GlintException.failure(
                        Reason.USAGE,
                        "the preset fast for " + architecture.id(),
                        "a convolutional network with batch norm for small pictures: "
                                + Arrays.stream(Architecture.values())
                                        .filter(Preset::isFastFor)
                                        .map(Architecture::id)
                                        .collect(Collectors.joining(", ")),
                        "choose the preset course");
            }
            return Recipe.plain(
                            12,
                            128,
                            new OptimizerSettings(Kind.SGD_NESTEROV, 0.2, 0.9, 8e-4, false, 8, 0),
                            new Schedule(new Schedule.OneCycle(0.2), 0),
                            new Augmentations(List.of(new ReflectCrop(2), new AlternatingFlip())))
                    .replacing(Hyperparameter.LABEL_SMOOTHING, 0.1)
                    .replacing(Hyperparameter.WHITENING, true)
                    .replacing(Hyperparameter.TEST_FLIP, true);
        }

        @Override
        public void requireSide(int side) {
            if (side > MAX_FAST_SIDE) {
                throw GlintException.failure(
                                Reason.USAGE,
                                "the preset fast for pictures of " + side + "x" + side,
                                "at most " + MAX_FAST_SIDE + "x" + MAX_FAST_SIDE,
                                "choose a smaller --size or the preset course")
                        .about("--preset");
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
        public Recipe recipe(Architecture architecture) {
            return Recipe.plain(
                            10,
                            32,
                            new OptimizerSettings(Kind.ADAMW, 0.002, 0.9, 0.05, false, 1, 0),
                            new Schedule(new Schedule.Cosine(), 1),
                            moderate(architecture))
                    .replacing(Hyperparameter.LABEL_SMOOTHING, 0.1)
                    .replacing(Hyperparameter.FROZEN_EPOCHS, 2);
        }

        private Augmentations moderate(Architecture architecture) {
            return switch (architecture.input()) {
                case BARS -> Augmentations.NONE;
                case CIFAR -> Augmentations.CROP_FLIP;
                case IMAGENET, IMAGENET_BICUBIC ->
                    new Augmentations(List.of(new RandomResizedCrop(0.35, 1), new HorizontalFlip(0.5)));
            };
        }
    };

    /** A crop by 2 pixels and a first convolution that whitens 3x3 patches say little about larger pictures. */
    private static final int MAX_FAST_SIDE = 64;

    /**
     * The recipe for an architecture.
     *
     * @throws GlintException ({@code USAGE}) if the preset is not made for it
     */
    public abstract Recipe recipe(Architecture architecture);

    /**
     * Checks that the preset is made for pictures of a size.
     *
     * @param side rows or columns of what the model sees, the larger one
     * @throws GlintException ({@code USAGE}) if it is not
     */
    public void requireSide(int side) {}

    private static boolean isFastFor(Architecture architecture) {
        return architecture.hasBatchNorm() && architecture.input() == NaturalInput.CIFAR;
    }

    /** The name on the command line. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The name on the command line, which its errors list. */
    @Override
    public String toString() {
        return id();
    }
}
