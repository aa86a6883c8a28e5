package dev.glint.exporter.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.testing.SharedData;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each network is fitted to photos of flowers for a few steps, exported, and asked about a photo. */
class EveryArchitectureTest {
    /** Those whose fit and export take about a second. */
    private static final Set<Architecture> SMALL =
            EnumSet.of(Architecture.SMALL_VGG, Architecture.SIMPLE_CNN, Architecture.MLP, Architecture.RESNET8);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BAR_CNN")
    void isFittedToPhotosAndExported(Architecture architecture) throws IOException {
        Path flowers = SharedData.require("photos/flowers");
        Assumptions.assumeTrue(
                SMALL.contains(architecture) || Boolean.getBoolean("glint.large"),
                "large models run with -Dglint.large=true");
        RunConfig config = RunConfig.fromScratch(
                architecture,
                PictureSelection.whole(DataSpec.parse("folder:" + flowers), 1).limitedTo(8),
                Preset.COURSE
                        .recipe(architecture)
                        .replacing(Hyperparameter.EPOCHS, 2)
                        .replacing(Hyperparameter.BATCH_SIZE, 4),
                2,
                Map.of());
        RunFolder run = FitJob.run(folder.resolve("run"), false, config, new FitJob.Listener() {});
        Path model = folder.resolve("model");
        ExportJob.Result result =
                ExportJob.run(new RunSource(run), model, false, Optional.empty(), (task, done, total) -> {});
        assertEquals(1, result.manifest().variants().size());
        try (Classifier classifier = Classifier.open(model)) {
            Prediction prediction = classifier.classify(flowers.resolve("../dog.jpg"), 5);
            double sum = prediction.candidates().stream()
                    .mapToDouble(Prediction.Candidate::probability)
                    .sum();
            assertEquals(1, sum, 1e-4);
            assertTrue(run.contract()
                    .labels()
                    .contains(prediction.candidates().get(0).label()));
        }
    }
}
