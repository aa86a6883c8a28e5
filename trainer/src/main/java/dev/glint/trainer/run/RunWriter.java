package dev.glint.trainer.run;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.AtomicFolder;
import dev.glint.trainer.tensorboard.EventFile;
import dev.glint.trainer.weights.safetensors.Safetensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run folder while its fit goes on.
 *
 * <p>An epoch is done when its {@link Checkpoint} is written; that is one file, replaced at once, also where it takes the
 * place of another run's. What people and other commands read is written from it afterwards. A process may be killed
 * anywhere between: the checkpoint then says how far the run has come, and {@link #publish} brings the rest up to it.
 */
final class RunWriter implements AutoCloseable {
    /** What an older run may have left. First what makes a run of it, so that no one takes a rest of it for one. */
    private static final List<String> OLDER = List.of(
            RunFolder.CONFIG,
            RunFolder.CONTRACT,
            RunFolder.REPORT,
            RunFolder.BASELINE,
            RunFolder.METRICS,
            RunFolder.BEST,
            RunFolder.LAST);

    private final Path folder;
    private final boolean replace;
    private @Nullable RunLock lock;
    private boolean begun;

    private RunWriter(Path folder, boolean replace) {
        this.folder = folder;
        this.replace = replace;
    }

    /**
     * A writer of a new run. Until its first checkpoint the folder stays as it was.
     *
     * @param replace whether a run that is there may go
     */
    static RunWriter begin(Path folder, boolean replace) {
        return new RunWriter(folder, replace);
    }

    /**
     * A writer of a run that goes on. What a killed process has left half-written is removed.
     *
     * @param folder one with a checkpoint
     * @throws GlintException ({@code INPUT}) if another process is writing to it
     */
    static RunWriter resume(Path folder) throws IOException {
        RunWriter writer = new RunWriter(folder, true);
        writer.take();
        writer.begun = true;
        return writer;
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
        if (Files.isDirectory(folder)) {
            RunLock.requireFree(folder);
        }
        if (Checkpoint.isIn(folder)) {
            if (!replace) {
                throw AtomicFolder.occupied(
                        folder,
                        "a run",
                        "go on with it (trainer fit --resume), replace it with --force, or name another folder with --run");
            }
            return;
        }
        if (Files.exists(folder.resolve(RunFolder.BEST)) && !replace) {
            throw AtomicFolder.occupied(folder, "a run", "replace it with --force, or name another folder with --run");
        }
        boolean begun = Files.exists(folder.resolve(RunFolder.CONFIG));
        AtomicFolder.requireFree(folder, "name another folder with --run", file -> begun || isOurs(file));
    }

    /** Whether a file is what a process leaves that was killed while it wrote its first checkpoint. */
    private static boolean isOurs(Path file) {
        return AtomicFile.isTemporary(file) || file.getFileName().toString().equals(RunLock.FILE);
    }

    /** Says now what would else be found out after the first epoch. */
    private static void requireWritable(Path folder) {
        Path existing = folder.toAbsolutePath().normalize();
        while (existing != null && Files.notExists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no way to make that folder in " + existing,
                            "a folder that may be written to",
                            "name another folder with --run")
                    .about(folder);
        }
    }

    private void take() throws IOException {
        lock = RunLock.acquire(folder);
        AtomicFile.removeLeftovers(folder);
    }

    /**
     * Writes what an epoch gave.
     *
     * @param judged the network with the weights that the epoch was judged with
     * @throws GlintException ({@code INPUT}) if the disk does not take it; the epochs before stay
     */
    void write(Checkpoint checkpoint, StoredModel judged) throws IOException {
        try {
            if (lock == null) {
                requireFree(folder, replace);
                AtomicFile.makeFolders(folder);
                take();
            }
            checkpoint.write(folder);
            begun = true;
            publish(checkpoint, judged);
        } catch (FileSystemException e) {
            throw unwritten(e);
        }
    }

    /** Brings the other files of the folder up to its checkpoint, the metrics last. */
    private void publish(Checkpoint checkpoint, StoredModel judged) throws IOException {
        if (checkpoint.epochs().size() == 1) {
            for (String file : OLDER) {
                Files.deleteIfExists(folder.resolve(file));
            }
            EventFile.deleteAll(folder.resolve(RunFolder.TENSORBOARD));
        }
        keep(RunFolder.CONFIG, checkpoint.config().toJson());
        keep(RunFolder.CONTRACT, checkpoint.contract().toJson() + "\n");
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put("format", "pt");
        notes.put("epoch", Integer.toString(checkpoint.epochs().size()));
        if (checkpoint.lastIsBest()) {
            write(judged, notes, RunFolder.BEST);
        }
        write(checkpoint.model(), notes, RunFolder.LAST);
        AtomicFile.write(folder.resolve(RunFolder.METRICS), checkpoint.metrics());
    }

    private void write(StoredModel model, Map<String, String> notes, String name) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>(notes);
        model.describe(metadata);
        new Safetensors(model.tensors(), metadata).write(folder.resolve(name));
    }

    private void keep(String name, String text) throws IOException {
        if (!has(name, text)) {
            AtomicFile.write(folder.resolve(name), text);
        }
    }

    private boolean has(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file)
                && Arrays.equals(Files.readAllBytes(file), text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Brings the folder up to its checkpoint, if a killed process did not.
     *
     * @param judged the network with the weights that the last epoch was judged with
     */
    void publishIfBehind(Checkpoint checkpoint, StoredModel judged) throws IOException {
        try {
            if (!isUpTo(checkpoint)) {
                publish(checkpoint, judged);
            }
        } catch (FileSystemException e) {
            throw unwritten(e);
        }
    }

    /** Whether the other files of the folder are those of its checkpoint. */
    boolean isUpTo(Checkpoint checkpoint) throws IOException {
        return has(RunFolder.METRICS, checkpoint.metrics());
    }

    private GlintException unwritten(FileSystemException e) {
        String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
        return GlintException.failure(
                        Reason.INPUT,
                        "an error of the file system (" + reason + ")",
                        "a disk that takes the run",
                        begun
                                ? "mend that and go on with trainer fit --resume --run " + folder
                                        + "; what was done before is kept"
                                : "mend that and begin again")
                .about(e.getFile())
                .causedBy(e);
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }
}
