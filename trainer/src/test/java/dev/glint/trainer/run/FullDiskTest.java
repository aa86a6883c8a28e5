package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.data.Cifar10Files;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fit on a real file system that is too small, of any size; see {@link KilledFitTest} for every single operation. */
class FullDiskTest {
    @TempDir
    Path folder;

    @Test
    void theRunGoesOnWhenThereIsRoom() throws IOException, InterruptedException {
        Cifar10Files.write(folder.resolve("pictures"), 8);
        RunConfig config = Runs.tiny(folder.resolve("pictures"), 1, 3);
        Path whole = folder.resolve("whole");
        FitJob.run(whole, false, config, Runs.SILENT);
        long need = 2 * Files.size(whole.resolve(RunFolder.STATE));
        Path disk = Files.createDirectory(folder.resolve("disk"));
        int full = 0;
        int kept = 0;
        for (long size = 16 << 10; size < 2 * need; size += need / 8) {
            assumeTrue(
                    succeeds("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString()),
                    "mounting a small file system needs Linux and its root");
            try {
                Path run = disk.resolve("run");
                if (isFull(run, config)) {
                    full++;
                    kept += Checkpoint.isIn(run) ? 1 : 0;
                }
                assertTrue(succeeds("mount", "-o", "remount,size=16m", disk.toString()));
                Runs.resume(run, config);
                Runs.assertSame(whole, run, "on a disk of " + size + " bytes");
            } finally {
                // Files that were read may still be mapped into memory.
                succeeds("umount", "--lazy", disk.toString());
            }
        }
        assertTrue(kept > 0 && full > kept, full + " full disks, " + kept + " with a checkpoint");
    }

    private static boolean isFull(Path run, RunConfig config) throws IOException {
        try {
            FitJob.run(run, false, config, Runs.SILENT);
            return false;
        } catch (GlintException e) {
            assertEquals(GlintException.Reason.INPUT, e.reason());
            assertTrue(e.getMessage().startsWith(run.toString()), e.getMessage());
            assertTrue(e.getMessage().contains("file system"), e.getMessage());
            return true;
        }
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
}
