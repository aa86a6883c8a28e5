package dev.glint.trainer.data;

import java.util.List;

/**
 * Pictures to learn from and pictures to judge by.
 *
 * @param labels the names of the classes, unique, in the order of the classes
 * @param train what a model is fitted to
 * @param heldOut what it never sees while it is fitted
 */
public record DataSplit(List<String> labels, PictureSet train, PictureSet heldOut) {
    public DataSplit {
        labels = List.copyOf(labels);
        if (labels.size() < 2 || labels.stream().distinct().count() != labels.size()) {
            throw new IllegalArgumentException("labels " + labels);
        }
    }
}
