package dev.glint.exporter.verify;

import dev.glint.trainer.data.PictureSet;

/**
 * Labelled pictures that models are judged by.
 *
 * @param name what a report calls it
 * @param pictures labelled as the models' logits are ordered; at least one
 */
public record TestSet(String name, PictureSet pictures) {
    public TestSet {
        if (pictures.size() < 1) {
            throw new IllegalArgumentException("test set " + name + " without pictures");
        }
    }
}
