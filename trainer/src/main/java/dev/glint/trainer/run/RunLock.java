package dev.glint.trainer.run;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to write to a run folder. It ends with the process, however that ends. The file stays: were it deleted, one process could
 * lock the file that is gone and another one the next of that name.
 */
final class RunLock implements AutoCloseable {
    /** The file that is locked. */
    static final String FILE = ".lock";

    /** What this process holds: a lock of the system is the process's, and goes with any of its channels on the file. */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private RunLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the right.
     *
     * @param folder one that exists
     * @throws GlintException ({@code INPUT}) if someone else has it
     */
    static RunLock acquire(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!HELD_HERE.add(real)) {
            throw isHeld(folder);
        }
        boolean taken = false;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(real.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            taken = isFree(channel);
            if (!taken) {
                throw isHeld(folder);
            }
            return new RunLock(real, channel);
        } finally {
            if (!taken) {
                if (channel != null) {
                    channel.close();
                }
                HELD_HERE.remove(real);
            }
        }
    }

    private static GlintException isHeld(Path folder) {
        return GlintException.failure(
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
        HELD_HERE.remove(folder);
    }
}
