package dev.glint.classify.batch;

import dev.glint.console.FailureReport;
import dev.glint.console.Streams;
import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Does something with one picture after the other. A picture that fails does not stop the others, be it broken, larger
 * than the memory that is left, or one for which the model has no answer.
 *
 * @param streams where failures are told
 * @param debug whether with stack traces
 * @param failed is told the name of each picture that failed, and why
 */
public record EachPicture(Streams streams, boolean debug, BiConsumer<String, GlintException> failed) {

    /** What is done with a picture. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it.
         *
         * @throws GlintException if it cannot be done with this picture
         * @throws IOException if it cannot be done with any
         */
        void accept(Picture picture) throws IOException;
    }

    /** Returns the exit code of the first failure, or 0. */
    public int process(PictureSource pictures, Action action) throws IOException {
        int exitCode = 0;
        Optional<Picture> next;
        while ((next = pictures.next()).isPresent()) {
            Picture picture = next.get();
            try {
                action.accept(picture);
            } catch (GlintException e) {
                exitCode = firstOf(exitCode, failed(picture, e));
            } catch (OutOfMemoryError e) {
                exitCode = firstOf(exitCode, failed(picture, FailureReport.outOfMemory(e)));
            }
        }
        return exitCode;
    }

    private int failed(Picture picture, GlintException failure) {
        GlintException named = failure.about(picture.name());
        failed.accept(picture.name(), named);
        return FailureReport.print(named, streams.err(), debug);
    }

    private static int firstOf(int exitCode, int next) {
        return exitCode == 0 ? next : exitCode;
    }
}
