package dev.glint.trainer.run;

import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.tensorboard.EventFile;
import dev.glint.trainer.tensorboard.Summary;
import dev.glint.trainer.tensorboard.Summary.Scalar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a fit reaches, epoch by epoch, into {@link RunFolder#TENSORBOARD}, and the run's configuration as a text. The
 * file is made after the first epoch, with the rest of the run; a fit that goes on adds a file.
 */
public final class TensorBoardLog implements FitJob.Listener, AutoCloseable {
    private final Path folder;
    private List<EpochMetrics> before = List.of();
    private @Nullable RunConfig config;
    private @Nullable EventFile file;

    /**
     * A log that has nothing in it yet.
     *
     * @param run the folder of the run
     */
    public TensorBoardLog(Path run) {
        this.folder = run.resolve(RunFolder.TENSORBOARD);
    }

    @Override
    public void configured(RunConfig resolved) {
        config = resolved;
    }

    /**
     * What was done before. A process may have been killed after the checkpoint of its last epoch and before that epoch's
     * event, so it is written again; all epochs are, if the run had no log.
     */
    @Override
    public void resumed(Checkpoint checkpoint) {
        before = checkpoint.epochs();
    }

    @Override
    public void started(long trainableParameters, int stepsPerEpoch) {
        if (!before.isEmpty()) {
            write(() -> {
                List<EpochMetrics> missing =
                        EventFile.isIn(folder) ? before.subList(before.size() - 1, before.size()) : before;
                for (EpochMetrics epoch : missing) {
                    add(epoch);
                }
            });
        }
    }

    @Override
    public void epochDone(EpochMetrics epoch, boolean best) {
        write(() -> add(epoch));
    }

    private void add(EpochMetrics epoch) throws IOException {
        EventFile events = file;
        if (events == null) {
            events = EventFile.create(folder, Clock.systemUTC(), epoch.epoch());
            file = events;
            events.add(
                    epoch.epoch(),
                    List.of(new Summary.Text(
                            "config", code(Objects.requireNonNull(config).toJson()))));
        }
        events.add(epoch.epoch(), scalars(epoch));
    }

    /** Writes to a file. */
    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    private static void write(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Summary> scalars(EpochMetrics epoch) {
        return List.of(
                new Scalar("loss/train", epoch.train().loss()),
                new Scalar("loss/held-out", epoch.heldOut().loss()),
                new Scalar("accuracy/train", epoch.train().accuracy()),
                new Scalar("accuracy/held-out", epoch.heldOut().accuracy()),
                new Scalar("learning-rate", epoch.learningRate()),
                new Scalar("seconds/train", epoch.trainNanos() / 1e9),
                new Scalar("seconds/evaluate", epoch.evaluateNanos() / 1e9));
    }

    /** Markdown shows lines that are indented as they are. */
    private static String code(String text) {
        return text.indent(4);
    }

    @Override
    public void close() {
        EventFile events = file;
        if (events != null) {
            write(events::close);
        }
    }
}
