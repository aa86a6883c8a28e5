package dev.glint.classify.batch;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;

/** How the logits of a decoded picture are found. Safe for use by several threads, each with its own classifier. */
@FunctionalInterface
public interface PictureLogits {

    /**
     * Runs the model.
     *
     * @throws dev.glint.runtime.failure.GlintException as {@link Classifier#logits(Image)}
     */
    float[] logits(Classifier classifier, Image picture);
}
