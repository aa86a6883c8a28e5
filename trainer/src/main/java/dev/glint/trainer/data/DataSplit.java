package dev.glint.trainer.data;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Pictures to learn from and pictures to judge by.
 *
 * @param labels the names of the classes, unique, in the order of the classes
 * @param train what a model is fitted to
 * @param heldOut what it never sees while it is fitted; judges each epoch, and so picks the best one
 * @param test what a finished model is judged by: {@code heldOut} itself, unless that was split off for validation
 * @param classWeights what the loss of each class's pictures is multiplied with, positive
 */
public record DataSplit(
        List<String> labels, PictureSet train, PictureSet heldOut, PictureSet test, List<Double> classWeights) {
    public DataSplit {
        labels = List.copyOf(labels);
        classWeights = List.copyOf(classWeights);
        if (labels.size() < 2 || labels.stream().distinct().count() != labels.size()) {
            throw new IllegalArgumentException("labels " + labels);
        }
        if (classWeights.size() != labels.size() || classWeights.stream().anyMatch(weight -> !(weight > 0))) {
            throw new IllegalArgumentException("class weights " + classWeights);
        }
    }

    /** With one set to judge by, and classes of equal weight. */
    public DataSplit(List<String> labels, PictureSet train, PictureSet heldOut) {
        this(labels, train, heldOut, heldOut);
    }

    /** With classes of equal weight. */
    public DataSplit(List<String> labels, PictureSet train, PictureSet heldOut, PictureSet test) {
        this(labels, train, heldOut, test, Collections.nCopies(labels.size(), 1.0));
    }

    /** The first pictures of each part, no more than {@code count}. */
    public DataSplit first(int count) {
        PictureSet judging = heldOut.first(count);
        return new DataSplit(
                labels, train.first(count), judging, separateTest() ? test.first(count) : judging, classWeights);
    }

    /** Whether other pictures judge the finished model than judge the epochs. */
    public boolean separateTest() {
        return test != heldOut;
    }

    /** Its sets, each once: {@code train}, {@code heldOut} and, where it is another one, {@code test}. */
    public List<PictureSet> parts() {
        return separateTest() ? List.of(train, heldOut, test) : List.of(train, heldOut);
    }

    /** What people call the pictures that judge a finished model. */
    public String judging() {
        return separateTest() ? "test" : "held-out";
    }

    /**
     * With classes that weigh in inverse proportion to their training pictures: n / (classes * n of the class), so that the
     * weights of all pictures sum up to their number. A class without pictures weighs 1.
     */
    public DataSplit balanced() {
        int[] counts = new int[labels.size()];
        for (int i = 0; i < train.size(); i++) {
            counts[train.label(i)]++;
        }
        List<Double> weights = Arrays.stream(counts)
                .mapToObj(count -> count == 0 ? 1.0 : (double) train.size() / ((double) labels.size() * count))
                .toList();
        return new DataSplit(labels, train, heldOut, test, weights);
    }

    /** Reads all pictures; see {@link PictureSet#requireReadable}. */
    public void requireReadable(Preprocessor preprocessor) {
        parts().forEach(part -> part.requireReadable(preprocessor));
    }

    /** Whether some class weighs more than another. */
    public boolean weighted() {
        return classWeights.stream().distinct().count() > 1;
    }
}
