package dev.glint.trainer.run;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import dev.glint.runtime.AtomicFile;
import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.runtime.PreprocessContract;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Fitter;
import dev.glint.trainer.model.StateDict;
import dev.glint.trainer.tensorboard.EventFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Writes a run folder while its fit goes on. */
final class RunWriter {
    private static final List<String> FILES = List.of(
            RunFolder.REPORT,
            RunFolder.BASELINE,
            RunFolder.BEST,
            RunFolder.LAST,
            RunFolder.STATE,
            RunFolder.METRICS,
            RunFolder.CONTRACT,
            RunFolder.CONFIG);

    private final Path folder;
    private final RunConfig config;
    private final StringBuilder metrics = new StringBuilder();

    private final PreprocessContract contract;

    RunWriter(Path folder, RunConfig config, PreprocessContract contract) {
        this.folder = folder;
        this.config = config;
        this.contract = contract;
    }

    /**
     * Checks that a run may be written to a folder, and changes nothing.
     *
     * @param replace whether a run that is there may go
     * @throws GlintException ({@code INPUT}) if there is a run that must not go, or something else
     */
    static void requireFree(Path folder, boolean replace) throws IOException {
        if (Files.notExists(folder)) {
            requireWritable(folder);
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw occupied(folder, "a file", "name another folder with --run");
        }
        if (Files.exists(folder.resolve(RunFolder.BEST)) && !replace) {
            throw occupied(folder, "a run", "replace it with --force, or name another folder with --run");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            if (Files.notExists(folder.resolve(RunFolder.CONFIG))
                    && entries.findAny().isPresent()) {
                throw occupied(folder, "a folder with other files", "name another folder with --run");
            }
        }
    }

    /** Says now what would else be found out after the first epoch. */
    private static void requireWritable(Path folder) {
        Path existing = folder.toAbsolutePath().normalize();
        while (existing != null && Files.notExists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw GlintException.of(
                            Reason.INPUT,
                            "no way to make that folder in " + existing,
                            "a folder that may be written to",
                            "name another folder with --run")
                    .about(folder);
        }
    }

    private static GlintException occupied(Path folder, String found, String remedy) {
        return GlintException.of(Reason.INPUT, found, "a new or an empty folder", remedy)
                .about(folder);
    }

    /** Removes an older run from the folder, now that there is something to take its place. */
    private void start() throws IOException {
        for (String file : FILES) {
            Files.deleteIfExists(folder.resolve(file));
        }
        EventFile.deleteAll(folder.resolve(RunFolder.TENSORBOARD));
        AtomicFile.write(folder.resolve(RunFolder.CONFIG), config.toJson());
        AtomicFile.write(folder.resolve(RunFolder.CONTRACT), contract.toJson() + "\n");
    }

    /** Writes what an epoch changed. Until the first epoch is done, the folder stays as it was. */
    void epoch(EpochMetrics epoch, boolean best, Block block, Fitter fitter) throws IOException {
        if (metrics.isEmpty()) {
            start();
        }
        Safetensors weights = weights(block, epoch.epoch());
        weights.write(folder.resolve(RunFolder.LAST));
        if (best) {
            weights.write(folder.resolve(RunFolder.BEST));
        }
        state(fitter).write(folder.resolve(RunFolder.STATE));
        metrics.append(EpochJson.of(epoch)).append('\n');
        AtomicFile.write(folder.resolve(RunFolder.METRICS), metrics.toString());
    }

    private static Safetensors weights(Block block, int epoch) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        StateDict.parameters(block).forEach((name, parameter) -> arrays.put(name, parameter.getArray()));
        return tensors(arrays, Map.of("format", "pt"), epoch);
    }

    /** Randomness needs no more than seed and epoch, since each epoch has streams of its own. */
    private Safetensors state(Fitter fitter) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("format", "pt");
        notes.put("seed", Long.toString(config.seed()));
        notes.put("steps", Long.toString(fitter.optimizer().steps()));
        return tensors(fitter.optimizer().state(), notes, fitter.epochs());
    }

    private static Safetensors tensors(Map<String, NDArray> arrays, Map<String, String> notes, int epoch) {
        Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
        arrays.forEach((name, array) -> tensors.put(
                name,
                Safetensors.Tensor.of(
                        array.toFloatArray(),
                        new ArrayList<>(Arrays.stream(array.getShape().getShape())
                                .boxed()
                                .toList()))));
        Map<String, String> metadata = new LinkedHashMap<>(notes);
        metadata.put("epoch", Integer.toString(epoch));
        return new Safetensors(tensors, metadata);
    }
}
