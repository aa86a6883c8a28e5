package dev.glint.runtime.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A file system of its own in memory, of any size, which can be made read-only for the superuser too. */
public final class MountedDisk implements AutoCloseable {
    private final Path folder;

    /** Mounts one over a folder, which is made; the calling test is skipped where that is not allowed. */
    public MountedDisk(Path folder, long bytes) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        Assumptions.assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", folder.toString()),
                "mounting a file system needs Linux and its root");
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** From now on nothing can be written. */
    public void makeReadOnly() throws InterruptedException {
        Assumptions.assumeTrue(succeeds("mount", "-o", "remount,ro", folder.toString()), "needs a remount");
    }

    /** From now on there is more room. */
    public void grow(long bytes) throws InterruptedException {
        Assumptions.assumeTrue(succeeds("mount", "-o", "remount,size=" + bytes, folder.toString()), "needs a remount");
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            // Files that were read may still be mapped into memory.
            succeeds("umount", "--lazy", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
