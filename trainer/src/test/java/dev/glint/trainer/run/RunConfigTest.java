package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.GlintException;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.fit.Recipe;
import dev.glint.trainer.model.Architecture;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunConfigTest {
    private static final RunConfig CONFIG = new RunConfig(
            Architecture.SMALL_VGG,
            DataSpec.parse("cifar10:/data/cifar"),
            500,
            Recipe.defaultFor(Architecture.SMALL_VGG),
            -9_007_199_254_740_993L,
            2,
            Map.of("glint", "1"));

    @Test
    void readsWhatItWrites() {
        assertEquals(CONFIG, RunConfig.fromJson(CONFIG.toJson()));
        RunConfig unlimited = new RunConfig(
                Architecture.BAR_CNN,
                DataSpec.parse("bars"),
                null,
                Recipe.defaultFor(Architecture.BAR_CNN),
                1,
                1,
                Map.of());
        assertEquals(unlimited, RunConfig.fromJson(unlimited.toJson()));
    }

    @Test
    void theLimitCutsBothParts() {
        RunConfig few = new RunConfig(
                Architecture.BAR_CNN,
                DataSpec.parse("bars"),
                500,
                Recipe.defaultFor(Architecture.BAR_CNN),
                1,
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
            json.replace("\"threads\": 2,", ""),
            json.replace("\"learningRate\": 0.1", "\"learningRate\": -0.1")
        }) {
            GlintException failure = assertThrows(GlintException.class, () -> RunConfig.fromJson(wrong), wrong);
            assertEquals(GlintException.Reason.INPUT, failure.reason());
            assertTrue(failure.getMessage().contains("an invalid configuration"), failure.getMessage());
        }
    }
}
