package dev.glint.runtime.drift;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file in which a device adds up what its pictures were like, beside the baseline that they are held against. Several
 * threads and processes may add to it: they wait for each other on a lock file beside it, and the file is always whole.
 *
 * @param path where it is, existing or not
 */
public record DriftFile(Path path) {
    private static final String EXPECTED = "a drift file, as classify --drift writes";

    /**
     * What is in it.
     *
     * @param baseline of the model
     * @param seen on this device
     */
    public record Content(DriftProfile baseline, DriftProfile seen) {
        public Content {
            // Fails unless they are of one model.
            baseline.plus(seen);
        }
    }

    /**
     * Reads it.
     *
     * @throws GlintException ({@code INPUT}) naming the file if it is missing or no such file
     */
    public Content read() {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(DriftJson.MAX_TEXT + 1);
            return DriftJson.readFile(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.INPUT, path, EXPECTED, e);
        } catch (GlintException e) {
            throw e.about(path);
        }
    }

    /**
     * Makes the file if it is missing, and finds out early whether {@link #add} will be able to.
     *
     * @throws GlintException ({@code INPUT}) naming the file if it is no such file or belongs to another baseline
     * @throws IOException if it cannot be written
     */
    public void prepare(DriftProfile baseline) throws IOException {
        add(
                baseline,
                DriftProfile.empty(
                        baseline.classes().counts().size(),
                        baseline.channelMeans().size()));
    }

    /**
     * Adds what was seen.
     *
     * @throws GlintException ({@code INPUT}) naming the file if it is no such file or belongs to another baseline
     * @throws IOException if it cannot be written
     */
    public void add(DriftProfile baseline, DriftProfile seen) throws IOException {
        if (Files.isDirectory(path)) {
            throw FileFailure.unreadable(Reason.INPUT, path, EXPECTED, new IOException("a folder"));
        }
        // Whoever comes by a link, or by the name itself, waits for the same lock.
        Path file = AtomicFile.behindLinks(path.toAbsolutePath());
        // A lock of a file is the whole process's.
        synchronized (DriftFile.class) {
            AtomicFile.makeFolders(Objects.requireNonNull(file.getParent()));
            Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Until the channel is closed, or the process ends.
                channel.lock();
                Content before = Files.exists(path) ? read() : null;
                if (before != null && !before.baseline().equals(baseline)) {
                    throw GlintException.failure(
                                    Reason.INPUT,
                                    "counts that are held against another baseline",
                                    "those of this model",
                                    "name a file for each model")
                            .about(path);
                }
                if (before == null || seen.pictures() > 0) {
                    AtomicFile.write(file, DriftJson.file(sum(baseline, before, seen)));
                }
            }
        }
    }

    private Content sum(DriftProfile baseline, @Nullable Content before, DriftProfile seen) {
        try {
            return new Content(baseline, before == null ? seen : before.seen().plus(seen));
        } catch (IllegalArgumentException e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "counts too large to add to (" + e.getMessage() + ")",
                            "those of pictures that were classified",
                            "name another file")
                    .causedBy(e)
                    .about(path);
        }
    }
}
