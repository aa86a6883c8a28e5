package dev.glint.trainer.run;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import com.google.gson.JsonParseException;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.TextFile;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.model.BlockContract;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A folder that a fit has written; every file in it is whole.
 *
 * <p>{@link #STATE} alone is the run: it holds all that going on needs, and replacing it is the moment at which an epoch
 * counts. The other files are written from it afterwards, {@link #METRICS} last. A fit that is killed leaves them behind
 * it, by an epoch at most; {@link FitJob#resume} brings them up to it before it goes on.
 */
public final class RunFolder {
    /** The configuration: {@link RunConfig}. */
    public static final String CONFIG = "config.json";
    /** What pictures go through before the model sees them: {@link PreprocessContract}. */
    public static final String CONTRACT = "contract.json";
    /** A line of JSON per epoch. */
    public static final String METRICS = "metrics.jsonl";
    /** The weights of the best epoch; see {@link EpochMetrics#best}. */
    public static final String BEST = "best.safetensors";
    /** The fit's own weights after the last epoch. */
    public static final String LAST = "last.safetensors";
    /** What going on needs: configuration, contract, metrics, the fit's own weights, optimizer, averages. */
    public static final String STATE = "state.safetensors";

    /** What a baseline reached, if the run is one. */
    public static final String BASELINE = "baseline.json";
    /** A page about the run. */
    public static final String REPORT = "report.html";
    /** A folder with event files for TensorBoard, if they are asked for. */
    public static final String TENSORBOARD = "tensorboard";

    private final Path path;
    private final RunConfig config;
    private final PreprocessContract contract;

    private RunFolder(Path path, RunConfig config, PreprocessContract contract) {
        this.path = path;
        this.config = config;
        this.contract = contract;
    }

    /**
     * Opens a run that has at least one epoch behind it.
     *
     * @throws GlintException ({@code INPUT}) naming what is missing or invalid
     */
    public static RunFolder open(Path path) {
        for (String file : List.of(CONFIG, CONTRACT, BEST)) {
            if (!Files.isRegularFile(path.resolve(file))) {
                throw GlintException.failure(
                                Reason.INPUT,
                                Files.isDirectory(path) ? "a folder without " + file : "no such folder",
                                "a run with an epoch behind it",
                                "make one with trainer fit " + (Checkpoint.isIn(path) ? "--resume " : "") + "--run "
                                        + path)
                        .about(path);
            }
        }
        try {
            return new RunFolder(
                    path,
                    RunConfig.fromJson(text(path.resolve(CONFIG))),
                    BlockContract.require(PreprocessContract.fromJson(text(path.resolve(CONTRACT)))));
        } catch (GlintException e) {
            throw e.about(path);
        }
    }

    private static String text(Path file) {
        return TextFile.read(file, Reason.INPUT, "a file of a run");
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    /** What decided the run. */
    public RunConfig config() {
        return config;
    }

    /** What a picture goes through before the model sees it. */
    public PreprocessContract contract() {
        return contract;
    }

    /**
     * What its epochs gave, from the first one on; at least one.
     *
     * @throws GlintException ({@code INPUT}) naming the file that tells of them, if it is no such
     */
    public List<EpochMetrics> epochs() throws IOException {
        return EpochJson.readLines(path.resolve(METRICS));
    }

    /**
     * The pictures of the run, opened again.
     *
     * @throws GlintException ({@code INPUT}) if they are other ones now, as far as can be seen without their content, or
     *     cannot be opened
     */
    public DataSplit data() {
        DataSplit data = config.openData();
        SamePictures.require(config, contract.labels(), EpochJson.first(path.resolve(METRICS)), data);
        return data;
    }

    /** Whether the roundings of integers were in the network when it was fitted. */
    public boolean isQuantizationAware() {
        return config.floatRun() != null;
    }

    /**
     * The best weights, by the names of the {@code state_dict}.
     *
     * @throws GlintException ({@code MODEL}) if the file is broken
     */
    public Map<String, StoredTensor> weights() {
        return best().tensors();
    }

    /**
     * The ranges of activations that were fitted along with the best weights, by value of the exported graph; empty for a
     * fit in floats.
     *
     * @throws GlintException ({@code MODEL}) if the file is broken
     */
    public Map<String, Range> ranges() {
        try {
            return StoredModel.ranges(best().metadata());
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "broken ranges (" + e.getMessage() + ")",
                            "those that a fit has written",
                            "fit the run again")
                    .causedBy(e)
                    .about(path.resolve(BEST));
        }
    }

    private Safetensors best() {
        Path file = path.resolve(BEST);
        try {
            return Safetensors.read(file);
        } catch (GlintException e) {
            throw e.about(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The architecture with the best weights, ready for inference.
     *
     * @param manager owns the weights; closing it frees them
     * @throws GlintException ({@code MODEL}) if the weights do not fit the architecture
     */
    public Block block(NDManager manager) {
        try {
            return RunBlock.restored(config, contract, weights(), manager, Reason.MODEL);
        } catch (GlintException e) {
            throw e.about(path.resolve(BEST));
        }
    }
}
