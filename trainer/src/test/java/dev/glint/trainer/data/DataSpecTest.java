package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSpecTest {
    @Test
    void readsWhatItWrites() {
        assertEquals("bars", DataSpec.parse("bars").toString());
        DataSpec cifar = DataSpec.parse("cifar10:some/folder");
        assertEquals(cifar, DataSpec.parse(cifar.toString()));
        for (String kind : new String[] {"mnist", "folder"}) {
            DataSpec spec = DataSpec.parse(kind + ":some/folder");
            assertTrue(spec.toString().startsWith(kind + ":/"), spec.toString());
            assertEquals(spec, DataSpec.parse(spec.toString()));
        }
    }

    @Test
    void aRelativePlaceBecomesAbsolute() {
        DataSpec.Cifar10Spec spec = (DataSpec.Cifar10Spec) DataSpec.parse("cifar10:some/../folder");
        assertEquals(Path.of("folder").toAbsolutePath(), spec.folder());
    }

    @Test
    void pictureSetsStayTheSameOrDifferentWhenTheyAreLimited() {
        DataSplit one = DataSpec.parse("bars").open(1);
        assertFalse(one.separateTest());
        assertFalse(one.first(10).separateTest());
        assertEquals("held-out", one.first(10).judging());
        DataOptions validated = new DataOptions(0.1, false, false, null, new Normalization.Usual());
        DataSplit two = DataSpec.parse("bars").open(1, validated, note -> {});
        assertTrue(two.first(10).separateTest());
        assertEquals("test", two.first(1000).judging());
    }

    @Test
    void theSeedDrawsWhatNothingElseDecides(@TempDir Path folder) throws IOException {
        assertTrue(DataSpec.parse("bars").drawnBySeed(false));
        assertFalse(DataSpec.parse("cifar10:x").drawnBySeed(true));
        DataSpec pictures = DataSpec.parse("folder:" + folder);
        Files.createDirectories(folder.resolve("train"));
        assertTrue(pictures.drawnBySeed(false));
        Files.createDirectories(folder.resolve("val"));
        assertFalse(pictures.drawnBySeed(false));
        assertTrue(pictures.drawnBySeed(true), "the first ones, in an order by the seed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bar",
                "bars:",
                "bars:x",
                "cifar10",
                "cifar10:",
                "Cifar10:x",
                ":x",
                "cifar10:\0",
                "mnist",
                "folder:"
            })
    void refusesTheRest(String text) {
        GlintException failure = assertThrows(GlintException.class, () -> DataSpec.parse(text));
        assertEquals(GlintException.Reason.USAGE, failure.reason());
        assertTrue(failure.getMessage().contains("expected " + DataSpec.KNOWN), failure.getMessage());
    }
}
