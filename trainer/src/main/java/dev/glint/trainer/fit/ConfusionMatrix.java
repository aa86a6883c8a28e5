package dev.glint.trainer.fit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How often each class was taken for each other one.
 *
 * @param labels the names of the K classes
 * @param counts K x K: pictures of the class of the row that were classified as the class of the column; copied
 */
public record ConfusionMatrix(List<String> labels, int[][] counts) {

    /**
     * How well one class is told apart. A quotient whose divisor is 0 is 0, as scikit-learn's {@code zero_division=0}.
     *
     * @param precision right ones among the pictures that were classified as this class, 0 to 1
     * @param recall right ones among the pictures of this class, 0 to 1
     * @param f1 harmonic mean of both
     * @param support pictures of this class
     * @param predicted pictures that were classified as this class
     */
    public record ClassMetrics(double precision, double recall, double f1, long support, long predicted) {}

    /** One class taken for another, so many times. */
    public record Confusion(int label, int predicted, int count) {}

    public ConfusionMatrix {
        labels = List.copyOf(labels);
        int classes = labels.size();
        counts = Arrays.stream(counts).map(int[]::clone).toArray(int[][]::new);
        boolean square = classes > 0 && counts.length == classes;
        for (int[] row : counts) {
            square &= row.length == classes && Arrays.stream(row).allMatch(count -> count >= 0);
        }
        if (!square) {
            throw new IllegalArgumentException("no " + classes + "x" + classes + " counts");
        }
    }

    /** All pictures. */
    public long total() {
        return Arrays.stream(counts).flatMapToInt(Arrays::stream).asLongStream().sum();
    }

    /** Pictures that were classified as what they are. */
    public long correct() {
        long correct = 0;
        for (int i = 0; i < counts.length; i++) {
            correct += counts[i][i];
        }
        return correct;
    }

    /** Correct pictures among all, 0 to 1; 0 if there are none. */
    public double accuracy() {
        return quotient(correct(), total());
    }

    /** The metrics of a class. */
    public ClassMetrics metrics(int label) {
        long right = counts[label][label];
        long support = Arrays.stream(counts[label]).asLongStream().sum();
        long predicted = 0;
        for (int[] row : counts) {
            predicted += row[label];
        }
        return new ClassMetrics(
                quotient(right, predicted),
                quotient(right, support),
                quotient(2 * right, support + predicted),
                support,
                predicted);
    }

    /** Mean F1 of all classes, each counting the same. */
    public double macroF1() {
        double sum = 0;
        for (int label = 0; label < counts.length; label++) {
            sum += metrics(label).f1();
        }
        return sum / counts.length;
    }

    /** The most frequent confusions, the most frequent first, in the order of the classes where they are as frequent. */
    public List<Confusion> topConfusions(int limit) {
        List<Confusion> all = new ArrayList<>();
        for (int label = 0; label < counts.length; label++) {
            for (int predicted = 0; predicted < counts.length; predicted++) {
                if (label != predicted && counts[label][predicted] > 0) {
                    all.add(new Confusion(label, predicted, counts[label][predicted]));
                }
            }
        }
        all.sort(Comparator.comparingInt(Confusion::count).reversed());
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    private static double quotient(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
