package dev.glint.classify.batch;

import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Prediction;

/** How a picture becomes an answer. Safe for use by several threads, each with its own classifier. */
@FunctionalInterface
public interface PictureModel {

    /**
     * Reads, decodes and classifies a picture.
     *
     * @throws dev.glint.runtime.failure.GlintException if that cannot be done
     */
    Prediction classify(Picture picture, Classifier classifier);
}
