package dev.glint.classify.batch;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Prediction;

/** What {@code classify} prints, picture by picture. Closing it ends the document. */
public interface Results extends AutoCloseable {

    /** A picture was classified. */
    void add(String picture, Prediction prediction);

    /** A picture could not be classified; standard error says why. */
    default void addFailure(String picture, GlintException failure) {}

    /** Something else than a picture failed, and what follows will not be tried. */
    default void cutShort(Throwable failure) {}

    @Override
    void close();
}
