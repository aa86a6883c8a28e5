package dev.glint.trainer.preset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.OptimizerSettings.Kind;
import dev.glint.trainer.recipe.Recipe;
import org.junit.jupiter.api.Test;

class PresetTest {
    @Test
    void networksWithoutBatchNormHaveNoHighRate() {
        for (Architecture architecture : Architecture.values()) {
            OptimizerSettings optimizer = Preset.COURSE.recipe(architecture).optimizer();
            assertTrue(
                    architecture.hasBatchNorm() || optimizer.kind() == Kind.ADAM, architecture.id() + " " + optimizer);
        }
    }

    @Test
    void fastIsForSmallPicturesAndTheirNetworks() {
        Preset.FAST.recipe(Architecture.RESNET18_CIFAR);
        Preset.FAST.requireSide(64);
        assertThrows(GlintException.class, () -> Preset.FAST.recipe(Architecture.RESNET18));
        assertThrows(GlintException.class, () -> Preset.FAST.recipe(Architecture.MLP));
        assertThrows(GlintException.class, () -> Preset.FAST.requireSide(65));
    }

    @Test
    void whatIsTakenForPicturesSuitsThem() {
        assertEquals(Architecture.BAR_CNN, DataSpec.parse("bars").usualModel());
        assertEquals(Architecture.SMALL_VGG, DataSpec.parse("cifar10:x").usualModel());
        assertEquals(Architecture.SIMPLE_CNN, DataSpec.parse("mnist:x").usualModel());
        assertEquals(Architecture.SMALL_VGG, DataSpec.parse("folder:x").usualModel());
        assertEquals(64, DataSpec.parse("folder:x").usualSize());
        assertFalse(DataSpec.parse("mnist:x").hasMirrors(), "a mirrored digit is none");
    }

    @Test
    void digitsAreNotMirrored() {
        Recipe recipe = Preset.FAST.recipe(Architecture.RESNET8).withoutMirrors();
        assertEquals("crop=2", recipe.augmentations().toString());
        assertFalse(recipe.testFlip());
    }

    @Test
    void anOptimizerInPlaceOfAnotherHasTheRateThatIsUsualForIt() {
        Recipe sgd = Preset.COURSE.recipe(Architecture.SMALL_VGG);
        assertEquals(sgd, sgd.withOptimizer(Kind.SGD_NESTEROV));
        assertEquals(0.001, sgd.withOptimizer(Kind.ADAMW).optimizer().learningRate(), 1e-15);
        assertEquals(0.01, sgd.withOptimizer(Kind.ADAMW).optimizer().weightDecay());
        assertEquals(0, sgd.withOptimizer(Kind.ADAM).optimizer().weightDecay());
        Recipe adamW = Preset.FINE_TUNE.recipe(Architecture.RESNET18);
        assertEquals(0.02, adamW.withOptimizer(Kind.SGD_NESTEROV).optimizer().learningRate(), 1e-15);
        assertEquals(5e-4, adamW.withOptimizer(Kind.SGD_NESTEROV).optimizer().weightDecay());
    }
}
