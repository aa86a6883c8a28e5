package dev.glint.classify.serve;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.trust.SignedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the model's file every now and then, and says when it is another one: a new file, a link or manifest that leads
 * elsewhere, new content. It waits until the file stays as it is, for it may still be being copied.
 */
final class ModelWatch {
    private final ModelSource source;
    private Optional<State> used;
    private Optional<State> seen;
    private String failure = "";

    /** What tells a file from another one with the same name. */
    private record State(Path file, @Nullable Object key, long bytes, FileTime modified, Optional<State> signature) {
        static State read(Path file, Optional<State> signature) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(file, attributes.fileKey(), attributes.size(), attributes.lastModifiedTime(), signature);
        }

        static Optional<State> find(ModelSource source) {
            try {
                Path file = source.locate();
                return Optional.of(read(file, ModelWatch.signatureOf(file)));
            } catch (IOException | GlintException e) {
                // Absent for the moment: there is nothing to change to.
                return Optional.empty();
            }
        }
    }

    /** A signature that follows its model lets in what was refused without. */
    private static Optional<State> signatureOf(Path file) {
        for (SignedFiles signed : SignedFiles.candidates(file)) {
            try {
                return Optional.of(State.read(signed.signature(), Optional.empty()));
            } catch (IOException absent) {
                // There may be the other one, or none.
            }
        }
        return Optional.empty();
    }

    /** Takes the file as it is now for the one in use: to be made before it is opened. */
    ModelWatch(ModelSource source) {
        this.source = source;
        this.used = State.find(source);
        this.seen = used;
    }

    /** Looks in intervals, and tells of each change once. What fails meanwhile is told, and is no end of the watching. */
    void start(ScheduledExecutorService clock, Duration interval, Runnable changed, Consumer<Throwable> failed) {
        Future<?> unused = clock.scheduleWithFixedDelay(
                () -> look(changed, failed), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks once, and tells of a failure unless the look before ended in the same one. */
    void look(Runnable changed, Consumer<Throwable> failed) {
        try {
            look(changed);
            failure = "";
        } catch (RuntimeException | Error e) {
            if (!failure.equals(e.toString())) {
                failure = e.toString();
                failed.accept(e);
            }
        }
    }

    /** Looks once. */
    void look(Runnable changed) {
        Optional<State> now = State.find(source);
        boolean stays = now.equals(seen);
        seen = now;
        if (now.isPresent() && stays && !now.equals(used)) {
            used = now;
            changed.run();
        }
    }
}
