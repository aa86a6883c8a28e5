package dev.glint.trainer.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.glint.runtime.contract.DecodeRule;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.Normalization;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.weights.PretrainedWeights;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatCommandTest {
    @Test
    void saysEveryHyperparameterOfAFitFromRandomWeights() {
        RunConfig config = RunConfig.fromScratch(
                Architecture.SMALL_VGG,
                PictureSelection.whole(DataSpec.parse("folder:/my pictures"), 5).limitedTo(100),
                Preset.FAST.recipe(Architecture.SMALL_VGG),
                2,
                Map.of());
        assertEquals(
                "trainer fit --model small-vgg --data 'folder:/my pictures' --limit 100 --validation 0.0 --normalize usual"
                        + " --seed 5 --threads 2 --device cpu --epochs 12 --batch-size 128 --optimizer sgd-nesterov --lr 0.2"
                        + " --momentum 0.9 --weight-decay 8.0E-4 --no-decay-all --norm-bias-rate 8.0 --clip-norm 0.0"
                        + " --schedule one-cycle=0.2 --warmup 0.0 --label-smoothing 0.1 --ema 0.0 --whitening --test-flip"
                        + " --augment crop=2,alternating-flip",
                RepeatCommand.line(config));
    }

    @Test
    void saysWhatIsDecodedWhereThatIsNotAll() {
        DataOptions scaled = new DataOptions(0, false, false, null, new Normalization.Usual(), DecodeRule.SCALED);
        RunConfig config = RunConfig.fromScratch(
                Architecture.BAR_CNN,
                PictureSelection.whole(DataSpec.parse("bars"), 1).withOptions(scaled),
                Preset.COURSE.recipe(Architecture.BAR_CNN),
                1,
                Map.of());
        String line = RepeatCommand.line(config);
        assertTrue(line.contains(" --decode scaled "), line);
    }

    @Test
    void saysHowWeightsAreTreated() {
        Recipe recipe = new Recipe(
                4,
                8,
                OptimizerSettings.plain(OptimizerSettings.Kind.ADAMW, 0.01, 0.05),
                new Schedule(new Schedule.Cosine(), 1),
                0,
                0,
                false,
                false,
                new FineTuning(2, 0.001, true),
                Augmentations.NONE);
        PretrainedWeights weights = new PretrainedWeights(Path.of("/w/resnet8.pth"), "0".repeat(64));
        RunConfig config = new RunConfig(
                Architecture.RESNET8,
                PictureSelection.whole(DataSpec.parse("bars"), 1),
                weights,
                null,
                recipe,
                1,
                Device.cpu(),
                Map.of());
        assertEquals(
                "trainer fit --model resnet8 --data bars --validation 0.0 --normalize usual --seed 1 --threads 1"
                        + " --device cpu --weights /w/resnet8.pth --epochs 4 --batch-size 8 --optimizer adamw --lr 0.01"
                        + " --momentum 0.9 --weight-decay 0.05 --decay-all --norm-bias-rate 1.0 --clip-norm 0.0"
                        + " --schedule cosine --warmup 1.0 --label-smoothing 0.0 --ema 0.0 --no-whitening --no-test-flip"
                        + " --freeze-backbone 2 --backbone-lr 0.001 --freeze-batch-norm --augment none",
                RepeatCommand.line(config));
    }
}
