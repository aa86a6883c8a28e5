package dev.glint.exporter.testing;

import dev.glint.runtime.file.AtomicFolder;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A bar CNN fitted for two short epochs, once per process. */
public final class BarRun {
    private static final RunFolder RUN = fit();

    private BarRun() {}

    /** The run; tests leave it as it is. */
    public static RunFolder get() {
        return RUN;
    }

    private static RunFolder fit() {
        try {
            Path folder = Files.createTempDirectory("glint-bar-run");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            Recipe recipe = Preset.COURSE.recipe(Architecture.BAR_CNN).replacing(Hyperparameter.EPOCHS, 2);
            RunConfig config = RunConfig.fromScratch(
                    Architecture.BAR_CNN,
                    PictureSelection.whole(DataSpec.parse("bars"), 1).limitedTo(600),
                    recipe,
                    1,
                    Map.of());
            return FitJob.run(folder.resolve("run"), false, config, new FitJob.Listener() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try {
            AtomicFolder.deleteTree(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
