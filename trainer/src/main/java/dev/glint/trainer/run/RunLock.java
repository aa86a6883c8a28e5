package dev.glint.trainer.run;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The right to write to a run folder. It ends with the process, however that ends. */
final class RunLock implements AutoCloseable {
    /** The file that is locked. */
    static final String FILE = ".lock";

    private final Path file;
    private final FileChannel channel;

    private RunLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the right.
     *
     * @param folder one that exists
     * @throws GlintException ({@code INPUT}) if someone else has it
     */
    static RunLock acquire(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isFree(channel)) {
            return new RunLock(file, channel);
        }
        channel.close();
        throw GlintException.failure(
                        Reason.INPUT,
                        "a run that another process is fitting",
                        "one at rest",
                        "wait for that process, end it, or name another folder with --run")
                .about(folder);
    }

    private static boolean isFree(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            // Some network file systems have no locks; a fit is worth more than the guard.
            return true;
        }
    }

    /**
     * Checks that no one else has the right now.
     *
     * @throws GlintException ({@code INPUT}) if someone has
     */
    static void requireFree(Path folder) throws IOException {
        if (Files.exists(folder.resolve(FILE))) {
            acquire(folder).close();
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(file);
        }
    }
}
