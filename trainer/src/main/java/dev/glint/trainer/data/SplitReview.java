package dev.glint.trainer.data;

import dev.glint.runtime.evaluate.PictureDigests;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What is to be known about the pictures of a run before its accuracy is believed.
 *
 * @param labels the names of the classes
 * @param trainingCounts training pictures of each class
 * @param judgedCounts those of each class that judge a finished model: {@link DataSplit#test}
 * @param judging what people call those
 * @param separateTest whether others judged the epochs
 * @param copies how many of those that judge are also among the training pictures that were compared
 * @param compared how many training pictures were compared
 * @param weighted whether rare classes weigh more in the loss
 */
public record SplitReview(
        List<String> labels,
        List<Integer> trainingCounts,
        List<Integer> judgedCounts,
        String judging,
        boolean separateTest,
        int copies,
        int compared,
        boolean weighted) {
    /** Of more training pictures, so many tell enough. */
    private static final int MOST_COMPARED = 100_000;
    /** From so many times the smallest class on, a model may do well without it. */
    private static final int UNEVEN = 10;

    public SplitReview {
        labels = List.copyOf(labels);
        trainingCounts = List.copyOf(trainingCounts);
        judgedCounts = List.copyOf(judgedCounts);
    }

    /** Reviews the pictures of a split. Files are read and not decoded, of training pictures 100,000 at most. */
    public static SplitReview review(DataSplit data) {
        int classes = data.labels().size();
        int compared = Math.min(MOST_COMPARED, data.train().size());
        Set<String> training = new HashSet<>(digests(data.train(), compared));
        List<String> judged = digests(data.test(), data.test().size());
        return new SplitReview(
                data.labels(),
                counts(data.train(), classes),
                counts(data.test(), classes),
                data.judging(),
                data.separateTest(),
                (int) judged.stream().filter(training::contains).count(),
                compared,
                data.weighted());
    }

    /** The digests of so many pictures, evenly spread over a set. */
    private static List<String> digests(PictureSet pictures, int count) {
        return IntStream.range(0, count)
                .parallel()
                .mapToObj(i -> digest(pictures, (int) ((long) i * pictures.size() / count)))
                .toList();
    }

    /** The same for copies, whatever they are called; of a file that cannot be read, its name. */
    private static String digest(PictureSet pictures, int index) {
        try {
            return PictureDigests.ofPicture(pictures, index);
        } catch (GlintException e) {
            // Whoever decodes it says what is wrong with it.
            return pictures.name(index);
        }
    }

    private static List<Integer> counts(PictureSet pictures, int classes) {
        int[] counts = new int[classes];
        for (int i = 0; i < pictures.size(); i++) {
            counts[pictures.label(i)]++;
        }
        return IntStream.of(counts).boxed().toList();
    }

    /** What the pictures that judge a finished model had to do with its best epoch; goes on after their name. */
    public String role() {
        return separateTest ? "which had no part in choosing the epoch" : "which also chose the epoch";
    }

    /** What speaks against the accuracy, a line each; nothing where nothing does. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (copies > 0) {
            warnings.add(
                    copies + " of " + sum(judgedCounts) + " " + judging + " pictures are copies of training pictures"
                            + (compared < sum(trainingCounts) ? " (" + compared + " of these were compared)" : "")
                            + ", and prove nothing");
        }
        classImbalance().ifPresent(warnings::add);
        return List.copyOf(warnings);
    }

    private Optional<String> classImbalance() {
        int rarest = 0;
        int commonest = 0;
        for (int label = 1; label < labels.size(); label++) {
            rarest = trainingCounts.get(label) < trainingCounts.get(rarest) ? label : rarest;
            commonest = trainingCounts.get(label) > trainingCounts.get(commonest) ? label : commonest;
        }
        int few = trainingCounts.get(rarest);
        int many = trainingCounts.get(commonest);
        if (few > 0 && many < (long) UNEVEN * few) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "the classes are uneven: %d training pictures of '%s', %d of '%s'%s; to call every picture '%s' would be"
                        + " right for %.2f %% of the %s ones",
                many,
                labels.get(commonest),
                few,
                labels.get(rarest),
                weighted ? "" : " (--class-weights makes rare classes weigh more)",
                labels.get(commonest),
                100.0 * judgedCounts.get(commonest) / Math.max(1, sum(judgedCounts)),
                judging));
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }
}
