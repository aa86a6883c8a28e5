package dev.glint.trainer.baseline;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.file.AtomicFolder;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.fit.ConfusionMatrix;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Fits {@link HogSvm} to a data set and keeps what it reached.
 *
 * @param pictures what is fitted to and judged by; their size is at least {@link #SMALLEST}, {@link #USUAL} where there is
 *     none
 * @param c the price of a mistake against a wide margin, positive
 */
public record HogSvmJob(PictureSelection pictures, double c) {
    /** The name of the baseline. */
    public static final String NAME = "hog-svm";

    private static final Hog HOG = new Hog(9, 8, 2, true);

    /** The least rows and columns: a block. */
    public static final int SMALLEST = HOG.cellSize() * HOG.blockSize();
    /** So many rows and columns give a picture of 32x32, enlarged, cells enough. */
    public static final int USUAL = 48;

    public HogSvmJob {
        if (pictures.options().size() == null) {
            pictures = pictures.withOptions(pictures.options().sized(USUAL));
        }
        int size = Objects.requireNonNull(pictures.options().size());
        if (size < SMALLEST || !(c > 0)) {
            throw new IllegalArgumentException("size " + size + ", C " + c);
        }
    }

    /**
     * Fits, judges and writes {@link RunFolder#BASELINE}.
     *
     * @param replace whether a result that is already there may go
     * @param notes is told about each picture file that is left out, a line each
     * @throws GlintException ({@code INPUT}) if there is a result that must not go, or a run
     */
    public BaselineResult run(Path folder, boolean replace, Consumer<String> notes) throws IOException {
        requireFree(folder, replace);
        DataSplit data = pictures.open(notes);
        Preprocessor preprocessor = new Preprocessor(pictures.contract(NaturalInput.CIFAR, data));
        long start = System.nanoTime();
        HogSvm machines = HogSvm.fit(HOG, c, data, preprocessor, pictures.seed());
        double seconds = (System.nanoTime() - start) / 1e9;
        ConfusionMatrix matrix = machines.judge(data.test(), data.labels());
        BaselineResult result = new BaselineResult(
                NAME,
                pictures.spec().toString(),
                pictures.seed(),
                data.train().size(),
                data.test().size(),
                Math.toIntExact(matrix.correct()),
                seconds,
                settings());
        result.write(folder);
        return result;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("orientations", Integer.toString(HOG.orientations()));
        settings.put("cellSize", Integer.toString(HOG.cellSize()));
        settings.put("blockSize", Integer.toString(HOG.blockSize()));
        settings.put("squareRoot", Boolean.toString(HOG.squareRoot()));
        settings.put("size", String.valueOf(pictures.options().size()));
        settings.put("c", Double.toString(c));
        settings.put("classWeights", Boolean.toString(pictures.options().classWeights()));
        settings.put("validation", Double.toString(pictures.options().validation()));
        return settings;
    }

    private static void requireFree(Path folder, boolean replace) throws IOException {
        if (Files.exists(folder.resolve(RunFolder.CONFIG))) {
            throw AtomicFolder.occupied(folder, "a run", "name another folder with --run");
        }
        if (Files.exists(folder.resolve(RunFolder.BASELINE)) && !replace) {
            throw AtomicFolder.occupied(
                    folder, "a baseline", "replace it with --force, or name another folder with --run");
        }
        AtomicFolder.requireFree(folder, "name another folder with --run", any -> true);
    }
}
