package dev.glint.trainer.baseline;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.runtime.Preprocessor;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.PictureSet;
import dev.glint.trainer.fit.ConfusionMatrix;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fits {@link HogSvm} to a data set and keeps what it reached.
 *
 * @param limit how many training and how many held-out pictures are used, the first ones; null for all
 * @param side what the shorter side of a picture becomes, in pixels; at least 16, which is a block
 * @param c the price of a mistake against a wide margin, positive
 */
public record HogSvmJob(DataSpec spec, @Nullable Integer limit, long seed, int side, double c) {
    /** The name of the baseline. */
    public static final String NAME = "hog-svm";

    private static final Hog HOG = new Hog(9, 8, 2, true);

    /** The least side. */
    public static final int SMALLEST = HOG.cellSize() * HOG.blockSize();

    public HogSvmJob {
        if (side < SMALLEST || !(c > 0) || (limit != null && limit < 1)) {
            throw new IllegalArgumentException("side " + side + ", C " + c + ", limit " + limit);
        }
    }

    /**
     * Fits, judges and writes {@link RunFolder#BASELINE}.
     *
     * @param replace whether a result that is already there may go
     * @throws GlintException ({@code INPUT}) if there is a result that must not go, or a run
     */
    public BaselineResult run(Path folder, boolean replace) throws IOException {
        requireFree(folder, replace);
        DataSplit data = spec.open(seed);
        PictureSet train = limit == null ? data.train() : data.train().first(limit);
        PictureSet heldOut = limit == null ? data.heldOut() : data.heldOut().first(limit);
        Preprocessor preprocessor = new Preprocessor(spec.contract(NaturalInput.CIFAR, data.labels()));
        long start = System.nanoTime();
        HogSvm machines = HogSvm.fit(HOG, side, c, train, preprocessor, seed);
        double seconds = (System.nanoTime() - start) / 1e9;
        ConfusionMatrix matrix = machines.judge(heldOut, data.labels());
        BaselineResult result = new BaselineResult(
                NAME,
                spec.toString(),
                seed,
                train.size(),
                heldOut.size(),
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
        settings.put("side", Integer.toString(side));
        settings.put("c", Double.toString(c));
        return settings;
    }

    private static void requireFree(Path folder, boolean replace) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw occupied(folder, "a file", "name another folder with --run");
        }
        if (Files.exists(folder.resolve(RunFolder.CONFIG))) {
            throw occupied(folder, "a run", "name another folder with --run");
        }
        if (Files.exists(folder.resolve(RunFolder.BASELINE)) && !replace) {
            throw occupied(folder, "a baseline", "replace it with --force, or name another folder with --run");
        }
    }

    private static GlintException occupied(Path folder, String found, String remedy) {
        return GlintException.of(Reason.INPUT, found, "a new or an empty folder", remedy)
                .about(folder);
    }
}
