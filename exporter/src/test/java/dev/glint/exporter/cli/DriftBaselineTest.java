package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.exporter.job.RunSource;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFile;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The baselines of drift inside exported models. */
class DriftBaselineTest {
    private static final RunFolder RUN = BarRun.get();

    @TempDir
    private Path temporary;

    private Path model;

    @BeforeEach
    void export() {
        model = temporary.resolve("model");
        succeed("export", RUN.path(), "--out", model);
    }

    private static void succeed(Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertEquals(0, run.exitCode(), run.err());
    }

    private DriftProfile carried(String file) {
        return DriftProfile.carriedBy(ModelFile.read(model.resolve(file)));
    }

    @Test
    void eachVariantCarriesWhatItsTestPicturesAreLikeForIt() {
        succeed("quantize", model, "--calibration", RUN.path());
        TestSet test = new RunSource(RUN).test().orElseThrow();
        int count = Math.min(500, test.pictures().size());
        for (String file : new String[] {ModelFolder.FP32, ModelFolder.INT8}) {
            try (Classifier classifier = Classifier.open(model.resolve(file))) {
                DriftProfile measured = DriftProfile.measure(
                        classifier,
                        count,
                        i -> test.pictures()
                                .picture((int) ((long) i * test.pictures().size() / count)));

                assertEquals(measured.classes(), carried(file).classes());
                assertEquals(measured.channelMeans(), carried(file).channelMeans());
            }
        }
    }

    @Test
    void withoutTestPicturesTheCalibrationGivesTheBaseline() throws IOException {
        Path pictures = Files.createDirectory(temporary.resolve("pictures"));
        for (int i = 0; i < 60; i++) {
            Files.write(pictures.resolve(i + ".png"), PngFile.of(SyntheticPictures.noise(12 + i, 12, Mode.GRAY)));
        }

        succeed("quantize", model, "--calibration", pictures, "--samples", "20");
        assertEquals(20, carried(ModelFolder.INT8).pictures());

        succeed("quantize", model, "--calibration", pictures, "--samples", "8");
        assertEquals(52, carried(ModelFolder.INT8).pictures());
    }

    @Test
    void aFolderGetsItsBaselinesLater() throws IOException {
        DriftProfile before = carried(ModelFolder.FP32);
        Path pictures = Files.createDirectory(temporary.resolve("pictures"));
        for (int i = 0; i < 10; i++) {
            Files.write(pictures.resolve(i + ".png"), PngFile.of(SyntheticPictures.noise(12 + i, 12, Mode.GRAY)));
        }

        succeed("drift", model, "--data", pictures);
        assertEquals(10, carried(ModelFolder.FP32).pictures());

        succeed("drift", model, "--data", RUN.path());
        assertEquals(before, carried(ModelFolder.FP32));
        CommandRun nothing = CommandRun.of("drift", model, "--data", temporary.resolve("missing"));
        assertEquals(3, nothing.exitCode(), nothing.err());
        assertEquals(before, carried(ModelFolder.FP32));
    }
}
