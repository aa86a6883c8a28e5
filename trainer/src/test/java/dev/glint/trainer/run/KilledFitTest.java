package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.testing.FaultyFiles;
import dev.glint.runtime.testing.FaultyFiles.Crash;
import dev.glint.runtime.testing.FaultyFiles.Fault;
import dev.glint.trainer.data.Cifar10Files;
import dev.glint.trainer.weights.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fit whose process ends, or whose disk is full, at every single operation on a file. */
class KilledFitTest {
    private static final int EPOCHS = 2;

    @TempDir
    Path folder;

    private RunConfig config = Runs.tiny(Path.of("none"), 1, EPOCHS);
    private Path whole = Path.of("");

    @BeforeEach
    void fitUndisturbed() throws IOException {
        Cifar10Files.write(folder.resolve("pictures"), 8);
        config = Runs.tiny(folder.resolve("pictures"), 1, EPOCHS);
        whole = folder.resolve("whole");
        FitJob.run(whole, false, config, Runs.SILENT);
    }

    private Path fitOlder() throws IOException {
        Path older = folder.resolve("older");
        FitJob.run(older, false, Runs.tiny(folder.resolve("pictures"), 2, 1), Runs.SILENT);
        Files.writeString(older.resolve(RunFolder.REPORT), "of the older run");
        return older;
    }

    @Test
    void aNewRunEndsAsIfNothingHadHappened() throws IOException {
        boolean finished = false;
        int at = 0;
        while (!finished) {
            Path run = folder.resolve("run" + ++at);
            finished = !isKilled(new FaultyFiles(run, Fault.CRASH, at), false);
            Runs.resume(run, config);
            Runs.assertSame(whole, run, "killed at operation " + at);
        }
        assertTrue(at > 50, at + " operations");
    }

    private boolean isKilled(FaultyFiles files, boolean replace) throws IOException {
        try {
            FitJob.run(files.folder(), replace, config, Runs.SILENT);
            return false;
        } catch (Crash e) {
            return true;
        }
    }

    @Test
    void aResumedRunThatIsKilledAgainDoesToo() throws IOException {
        boolean finished = false;
        for (int at = 1; !finished; at += 3) {
            Path run = folder.resolve("run" + at);
            finished = !isKilled(new FaultyFiles(run, Fault.CRASH, at), false);
            for (int again = 1; Checkpoint.isIn(run) && again < 25; again += 2) {
                try {
                    FitJob.resume(new FaultyFiles(run, Fault.CRASH, again).folder(), Runs.SILENT);
                } catch (Crash e) {
                    assertTrue(Checkpoint.isIn(run));
                }
            }
            Runs.resume(run, config);
            Runs.assertSame(whole, run, "killed first at operation " + at);
        }
    }

    @Test
    void anOlderRunStaysWholeUntilTheNewOneCanGoOn() throws IOException {
        Path older = fitOlder();
        boolean finished = false;
        int kept = 0;
        for (int at = 1; !finished; at++) {
            Path run = copy(older, folder.resolve("run" + at));
            finished = !isKilled(new FaultyFiles(run, Fault.CRASH, at), true);
            assertIsWholeOrNone(run);
            if (Checkpoint.read(run).config().seed() == config.seed()) {
                Runs.resume(run, config);
                Runs.assertSame(whole, run, "killed at operation " + at);
            } else {
                kept++;
                AtomicFile.removeLeftovers(run);
                assertEquals(contents(older), contents(run), "killed at operation " + at);
            }
        }
        assertTrue(kept > 3, kept + " operations before the older run goes");
    }

    /** What evaluates or exports a run finds one whose parts belong together, or is told how to get it. */
    private static void assertIsWholeOrNone(Path run) throws IOException {
        try {
            assertEquals(
                    RunFolder.open(run).config().seed() == 2,
                    Files.exists(run.resolve(RunFolder.REPORT)),
                    "the older run is whole");
            assertEquals(
                    "1",
                    Safetensors.read(run.resolve(RunFolder.BEST)).metadata().get("epoch"));
        } catch (GlintException e) {
            assertTrue(e.getMessage().contains("--resume --run " + run), e.getMessage());
        }
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        for (String file : Runs.files(from)) {
            Files.copy(from.resolve(file), to.resolve(file));
        }
        return to;
    }

    private static Map<String, Integer> contents(Path run) throws IOException {
        Map<String, Integer> contents = new HashMap<>();
        for (String file : Runs.files(run)) {
            contents.put(file, Arrays.hashCode(Files.readAllBytes(run.resolve(file))));
        }
        return contents;
    }

    @Test
    void aFullDiskIsOneLineAndLeavesTheLastGoodCheckpoint() throws IOException {
        boolean finished = false;
        int epochs = 0;
        for (int at = 1; !finished; at++) {
            Path run = folder.resolve("run" + at);
            FaultyFiles files = new FaultyFiles(run, Fault.FULL_DISK, at);
            try {
                FitJob.run(files.folder(), false, config, Runs.SILENT);
                finished = true;
            } catch (GlintException e) {
                assertEquals(GlintException.Reason.INPUT, e.reason());
                assertTrue(e.getMessage().startsWith(run.toString()), e.getMessage());
                assertTrue(e.getMessage().contains("(No space left on device)"), e.getMessage());
                assertTrue(
                        e.getMessage().contains(Checkpoint.isIn(run) ? "--resume --run " + run : "begin again"),
                        e.getMessage());
            }
            if (Files.exists(run)) {
                assertTrue(
                        Runs.files(run).stream().map(Path::of).noneMatch(AtomicFile::isTemporary),
                        () -> "full at " + run);
            }
            if (Checkpoint.isIn(run)) {
                int done = Checkpoint.read(run).epochs().size();
                assertTrue(done >= epochs, "a checkpoint stays");
                epochs = done;
            }
            Runs.resume(run, config);
            Runs.assertSame(whole, run, "full at operation " + at);
        }
        assertEquals(EPOCHS, epochs);
    }

    @Test
    void twoProcessesNeverFitOneRun() throws IOException {
        Path run = folder.resolve("run");
        FitJob.Listener intruder = new FitJob.Listener() {
            @Override
            public void stepped(int epoch, int step) {
                if (epoch == 2) {
                    GlintException e = assertThrows(GlintException.class, () -> FitJob.resume(run, Runs.SILENT));
                    assertTrue(e.getMessage().contains("another process"), e.getMessage());
                    e = assertThrows(GlintException.class, () -> FitJob.run(run, true, config, Runs.SILENT));
                    assertTrue(e.getMessage().contains("another process"), e.getMessage());
                }
            }
        };
        FitJob.run(run, false, config, intruder);
        Runs.assertSame(whole, run, "with an intruder");
        RunLock.requireFree(run);
    }
}
