package dev.glint.trainer.run;

import ai.djl.ndarray.NDManager;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Fitter;
import dev.glint.trainer.qat.QatNetwork;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All that a run needs to go on after an epoch, in one file, {@link RunFolder#STATE}. Randomness takes no more than the
 * configuration's seed and the number of epochs, since each epoch has streams of its own.
 *
 * @param config what decides the run
 * @param contract what its pictures go through
 * @param trainableParameters how many values the fit may change
 * @param epochs what came out so far, from the first epoch on
 * @param model the network with the fit's own weights
 * @param state what the fitter needs besides them, and the scales of activations where they are fitted
 */
public record Checkpoint(
        RunConfig config,
        PreprocessContract contract,
        long trainableParameters,
        List<EpochMetrics> epochs,
        StoredModel model,
        Map<String, StoredTensor> state) {
    private static final String MODEL = "model.";

    public Checkpoint {
        epochs = List.copyOf(epochs);
        for (int i = 0; i < epochs.size(); i++) {
            if (epochs.get(i).epoch() != i + 1) {
                throw new IllegalArgumentException("epoch " + epochs.get(i).epoch() + " after " + i);
            }
        }
        if (epochs.isEmpty() || epochs.size() > config.recipe().epochs()) {
            throw new IllegalArgumentException(
                    epochs.size() + " of " + config.recipe().epochs() + " epochs");
        }
    }

    /** Whether a folder has one, readable or not. */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(RunFolder.STATE));
    }

    /**
     * Reads that of a run folder.
     *
     * @throws GlintException ({@code INPUT}) if there is none, or a broken one
     */
    public static Checkpoint read(Path folder) throws IOException {
        if (!isIn(folder)) {
            throw GlintException.failure(
                            Reason.INPUT,
                            Files.isDirectory(folder) ? "a folder without " + RunFolder.STATE : "no such folder",
                            "a run with an epoch behind it",
                            "begin it with trainer fit and its options, or name its folder with --run")
                    .about(folder);
        }
        Path file = folder.resolve(RunFolder.STATE);
        try {
            return parse(Safetensors.read(file, Reason.INPUT));
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException
                | GlintException e) {
            throw broken(e).about(file);
        }
    }

    private static Checkpoint parse(Safetensors stored) {
        Map<String, StoredTensor> weights = new LinkedHashMap<>();
        Map<String, StoredTensor> state = new LinkedHashMap<>();
        stored.tensors().forEach((name, tensor) -> {
            if (name.startsWith(MODEL)) {
                weights.put(name.substring(MODEL.length()), tensor);
            } else {
                state.put(name, tensor);
            }
        });
        return new Checkpoint(
                RunConfig.fromJson(note(stored, "config")),
                PreprocessContract.fromJson(note(stored, "contract")),
                Long.parseLong(note(stored, "parameters")),
                note(stored, "metrics")
                        .lines()
                        .map(line -> EpochJson.read(JsonParser.parseString(line).getAsJsonObject()))
                        .toList(),
                new StoredModel(weights, StoredModel.ranges(stored.metadata())),
                state);
    }

    private static String note(Safetensors stored, String name) {
        String note = stored.metadata().get(name);
        if (note == null) {
            throw new IllegalArgumentException("no " + name);
        }
        return note;
    }

    /** Writes it into a run folder; from then on the run has come so far. */
    void write(Path folder) throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        model.tensors().forEach((name, tensor) -> tensors.put(MODEL + name, tensor));
        tensors.putAll(state);
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("format", "pt");
        notes.put("epoch", Integer.toString(epochs.size()));
        notes.put("parameters", Long.toString(trainableParameters));
        notes.put("config", config.toJson());
        notes.put("contract", contract.toJson());
        notes.put("metrics", metrics());
        model.describe(notes);
        new Safetensors(tensors, notes).write(folder.resolve(RunFolder.STATE));
    }

    /** What {@link RunFolder#METRICS} has to hold. */
    String metrics() {
        return epochs.stream().map(epoch -> EpochJson.toJson(epoch) + "\n").collect(Collectors.joining());
    }

    /** Whether there is nothing left to fit. */
    public boolean isFinished() {
        return epochs.size() == config.recipe().epochs();
    }

    /** The best epoch; see {@link EpochMetrics#best}. */
    public EpochMetrics best() {
        return EpochMetrics.best(epochs);
    }

    /** Whether the last epoch is the best. */
    boolean lastIsBest() {
        return best().epoch() == epochs.size();
    }

    /**
     * Checks that pictures are those that the run was fitted to so far, as far as can be seen without their content.
     *
     * @throws GlintException ({@code INPUT}) if they are not
     */
    void requireSamePictures(DataSplit data) {
        SamePictures.require(config, contract.labels(), Optional.of(epochs.get(0)), data);
        PreprocessContract now = config.contract(data);
        if (!now.equals(contract)) {
            throw SamePictures.changed(
                    config.data(), "pictures that are to be prepared by " + now.toJson(), contract.toJson());
        }
    }

    /** The scales of activations with the fit's own values; empty where they are not fitted. */
    Map<String, float[]> scales() {
        Map<String, float[]> scales = new LinkedHashMap<>();
        state.forEach((name, tensor) -> {
            if (name.startsWith(QatNetwork.SCALES)) {
                scales.put(name, tensor.floats());
            }
        });
        return scales;
    }

    /** The network with the fit's own weights. */
    FittedNetwork network(NDManager manager) {
        try {
            return FittedNetwork.restored(this, manager);
        } catch (IllegalArgumentException e) {
            throw broken(e);
        }
    }

    /**
     * Lets a fitter of {@link #network} go on.
     *
     * @throws GlintException ({@code INPUT}) if the state is not that of such a fitter
     */
    void restore(Fitter fitter) {
        try {
            Map<String, float[]> values = new LinkedHashMap<>();
            state.forEach((name, tensor) -> {
                if (!name.startsWith(QatNetwork.SCALES)) {
                    values.put(name, tensor.floats());
                }
            });
            fitter.restore(epochs.size(), values);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw broken(e);
        }
    }

    private static GlintException broken(Exception cause) {
        return GlintException.failure(
                        Reason.INPUT,
                        "a broken checkpoint (" + cause.getMessage() + ")",
                        "one that a fit has written",
                        "fit the run again with --force")
                .causedBy(cause);
    }
}
