package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.UnknownFieldSet;
import dev.glint.trainer.data.Cifar10Files;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.tensorboard.Events;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose run is killed and goes on. */
class TensorBoardLogTest {
    @TempDir
    Path folder;

    private Path run;
    private RunConfig config;

    @BeforeEach
    void writePictures() throws IOException {
        Cifar10Files.write(folder.resolve("cifar"), 10);
        run = folder.resolve("run");
        config = Runs.tiny(folder.resolve("cifar"), 1, 4);
    }

    /** Ends the work behind the checkpoint of the second epoch, before anyone else hears of it. */
    private static final class Killer implements FitJob.Listener {
        @Override
        public void epochDone(EpochMetrics epoch, boolean best) {
            if (epoch.epoch() == 2) {
                throw new IllegalStateException("killed");
            }
        }
    }

    private void fitUntilKilled(FitJob.Listener listener) {
        FitJob.Listener listeners = new FitListeners(List.of(new Killer(), listener));
        assertThrows(IllegalStateException.class, () -> FitJob.run(run, false, config, listeners));
    }

    private void resume() throws IOException {
        try (TensorBoardLog log = new TensorBoardLog(run)) {
            FitJob.resume(run, new FitListeners(List.of(log)));
        }
    }

    private List<List<Long>> steps() throws IOException {
        List<List<UnknownFieldSet>> files = Events.in(run.resolve(RunFolder.TENSORBOARD));
        return files.stream()
                .map(events -> events.stream().map(Events::step).toList())
                .toList();
    }

    @Test
    void anEpochThatWasNotLoggedAnymoreIsLoggedWhenTheRunGoesOn() throws IOException {
        try (TensorBoardLog log = new TensorBoardLog(run)) {
            fitUntilKilled(log);
        }
        // The version, the start, the configuration, then the epochs.
        assertEquals(List.of(List.of(0L, 1L, 1L, 1L)), steps());
        // As long after as a person is.
        Path first = Files.list(run.resolve(RunFolder.TENSORBOARD)).findFirst().orElseThrow();
        Files.move(first, first.resolveSibling("events.out.tfevents.0000000001.glint.1"));
        resume();
        assertEquals(List.of(List.of(0L, 1L, 1L, 1L), List.of(0L, 2L, 2L, 2L, 3L, 4L)), steps());
    }

    @Test
    void aRunThatHadNoLogIsLoggedFromItsFirstEpochOn() throws IOException {
        fitUntilKilled(Runs.SILENT);
        assertFalse(Files.exists(run.resolve(RunFolder.TENSORBOARD)));
        resume();
        assertEquals(List.of(List.of(0L, 1L, 1L, 1L, 2L, 3L, 4L)), steps());
    }

    @Test
    void aFinishedRunGetsNoFile() throws IOException {
        FitJob.run(run, false, config, Runs.SILENT);
        resume();
        assertFalse(Files.exists(run.resolve(RunFolder.TENSORBOARD)));
    }
}
