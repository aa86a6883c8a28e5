package dev.glint.classify.batch;

import dev.glint.runtime.model.Prediction;

/** Pictures with their answers, one after the other. */
public interface Answers extends PictureSource, AutoCloseable {

    /**
     * What the model says of the picture that was returned last; to be asked once.
     *
     * @throws dev.glint.runtime.failure.GlintException if there is no answer
     */
    Prediction prediction();

    @Override
    void close();
}
