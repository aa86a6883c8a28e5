package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.glint.runtime.contract.DecodeRule;
import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.Normalization;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.weights.PretrainedWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunConfigTest {
    @TempDir
    Path folder;

    private static final RunConfig CONFIG = RunConfig.fromScratch(
            Architecture.SMALL_VGG,
            PictureSelection.whole(DataSpec.parse("cifar10:/data/cifar"), -9_007_199_254_740_993L)
                    .limitedTo(500),
            Preset.COURSE.recipe(Architecture.SMALL_VGG),
            2,
            Map.of("glint", "1"));

    @Test
    void readsWhatItWrites() {
        assertEquals(CONFIG, RunConfig.fromJson(CONFIG.toJson()));
        RunConfig unlimited = RunConfig.fromScratch(
                Architecture.BAR_CNN,
                PictureSelection.whole(DataSpec.parse("bars"), 1),
                Preset.COURSE.recipe(Architecture.BAR_CNN),
                1,
                Map.of());
        assertEquals(unlimited, RunConfig.fromJson(unlimited.toJson()));
    }

    @Test
    void keepsTheDevice() {
        RunConfig config = CONFIG.onDevice(Device.gpu(3));
        assertTrue(config.toJson().contains("\"device\": \"gpu:3\""), config.toJson());
        assertEquals(config, RunConfig.fromJson(config.toJson()));
        assertEquals(Device.cpu(), CONFIG.device());
        String older = CONFIG.toJson().replace("  \"device\": \"cpu\",\n", "");
        assertNotEquals(CONFIG.toJson(), older);
        assertEquals(CONFIG, RunConfig.fromJson(older), "a run from before there were devices");
    }

    @Test
    void keepsHowThePicturesAreUsed() {
        DataOptions options = new DataOptions(0.25, true, true, 96, Normalization.parse("0.5:0.25"), DecodeRule.SCALED);
        RunConfig config = RunConfig.fromScratch(
                CONFIG.model(),
                PictureSelection.whole(CONFIG.data(), 1).withOptions(options),
                CONFIG.recipe(),
                1,
                CONFIG.versions());
        assertEquals(config, RunConfig.fromJson(config.toJson()));
        assertEquals(options, RunConfig.fromJson(config.toJson()).pictures().options());
        String older = CONFIG.toJson().replace("  \"decode\": \"full\",\n", "");
        assertNotEquals(CONFIG.toJson(), older);
        assertEquals(CONFIG, RunConfig.fromJson(older), "a run from before there was a choice");
    }

    @Test
    void keepsWhatItBeganWith() throws IOException {
        Path file = Files.writeString(folder.resolve("abc.pth"), "abc");
        PretrainedWeights weights = PretrainedWeights.describe(file);
        assertEquals(file.toAbsolutePath(), weights.file());
        // The example of FIPS 180.
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", weights.sha256());
        RunConfig config = RunConfig.fromScratch(
                        CONFIG.model(),
                        PictureSelection.whole(CONFIG.data(), 1),
                        Preset.FINE_TUNE.recipe(Architecture.SMALL_VGG),
                        1,
                        CONFIG.versions())
                .withWeights(weights);
        assertEquals(config, RunConfig.fromJson(config.toJson()));
        String broken = config.toJson().replace(weights.sha256(), "ba78");
        assertThrows(GlintException.class, () -> RunConfig.fromJson(broken));
    }

    @Test
    void validationAndWeightsComeAfterTheLimit() {
        DataOptions options = new DataOptions(0.5, false, true, null, new Normalization.Measured());
        RunConfig config = RunConfig.fromScratch(
                Architecture.BAR_CNN,
                PictureSelection.whole(DataSpec.parse("bars"), 1).limitedTo(300).withOptions(options),
                Preset.COURSE.recipe(Architecture.BAR_CNN),
                1,
                Map.of());
        DataSplit split = config.openData();
        assertEquals(300, split.train().size());
        assertEquals(300, split.heldOut().size());
        assertEquals(300, split.test().size());
        int rows = 0;
        for (int i = 0; i < 300; i++) {
            rows += split.train().label(i) == 0 ? 1 : 0;
        }
        assertEquals(List.of(150.0 / rows, 150.0 / (300 - rows)), split.classWeights());
        // Most samples of a bar picture are noise around 0, which is stored as 64; a twelfth is raised to 191.
        assertEquals(0.25 + 0.5 / 12, config.contract(split).mean().get(0), 0.01);
    }

    @Test
    void theLimitCutsBothParts() {
        RunConfig few = RunConfig.fromScratch(
                Architecture.BAR_CNN,
                PictureSelection.whole(DataSpec.parse("bars"), 1).limitedTo(500),
                Preset.COURSE.recipe(Architecture.BAR_CNN),
                1,
                Map.of());
        assertEquals(500, few.openData().train().size());
        assertEquals(400, few.openData().heldOut().size());
    }

    @Test
    void refusesWhatIsNoConfiguration() {
        String json = CONFIG.toJson();
        for (String wrong : new String[] {
            "",
            "[]",
            "{}",
            json.replace("\"schema\": 1", "\"schema\": 2"),
            json.replace("small-vgg", "large-vgg"),
            json.replace("cifar10:", "cifar11:"),
            json.replace("\"epochs\": 40", "\"epochs\": 0"),
            json.replace("\"epochs\": 40", "\"epochs\": \"many\""),
            json.replace("sgd-nesterov", "sgd"),
            json.replace("\"cosine\"", "\"sine\""),
            json.replace("\"frozenEpochs\": 0", "\"frozenEpochs\": 41"),
            json.replace("\"threads\": 2,", ""),
            json.replace("\"decode\": \"full\"", "\"decode\": \"half\""),
            json.replace("\"device\": \"cpu\"", "\"device\": \"auto\""),
            json.replace("\"device\": \"cpu\"", "\"device\": \"gpu\""),
            json.replace("\"learningRate\": 0.1", "\"learningRate\": -0.1")
        }) {
            GlintException failure = assertThrows(GlintException.class, () -> RunConfig.fromJson(wrong), wrong);
            assertEquals(GlintException.Reason.INPUT, failure.reason());
            assertTrue(failure.getMessage().contains("an invalid configuration"), failure.getMessage());
        }
    }
}
