package dev.glint.trainer.run;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to write to a run folder. It ends with the process, however that ends. The file stays: were it deleted, one process could
 * lock the file that is gone and another one the next of that name.
 */
final class RunLock implements AutoCloseable {
    /** The file that is locked. */
    static final String FILE = ".lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the right.
     *
     * @param folder one that exists
     * @throws GlintException ({@code INPUT}) if someone else has it
     */
    static RunLock acquire(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isFree(channel)) {
            return new RunLock(channel);
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
        channel.close();
    }
}
