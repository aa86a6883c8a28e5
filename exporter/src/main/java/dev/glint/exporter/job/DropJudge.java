package dev.glint.exporter.job;

import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Evaluation;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.model.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * By how much models made from another one are less accurate than that one, picture by picture, which tells more than two
 * accuracies do. What clearly loses too much is not shown the rest of the pictures; what is near enough has been shown all.
 */
final class DropJudge {
    /** So far above what may be lost that chance in the choice of pictures hardly ever explains it. */
    private static final double STANDARD_ERRORS = 3;

    private static final int PART = 500;

    private final Model reference;
    private final TestSet test;
    private final double maxDropPoints;
    private final JobListener listener;
    private final int[] order;
    private final boolean[] expected;
    private int expectedKnown;

    /**
     * A judge by a test set.
     *
     * @param reference the more accurate model, open; it stays so
     * @param maxDropPoints the percentage points that may be lost
     */
    DropJudge(Model reference, TestSet test, double maxDropPoints, JobListener listener) {
        this.reference = reference;
        this.test = test;
        this.maxDropPoints = maxDropPoints;
        this.listener = listener;
        int size = test.pictures().size();
        this.order = AgreementCheck.shuffled(size);
        this.expected = new boolean[size];
    }

    /**
     * What was found.
     *
     * @param pictures how many were shown
     * @param dropPoints the percentage points lost on these
     * @param tooLarge whether they are too many
     */
    record Verdict(int pictures, double dropPoints, boolean tooLarge) {}

    /** Judges a model file. */
    Verdict judge(Path file) {
        int size = order.length;
        int differing = 0;
        int right = 0;
        int rightExpected = 0;
        int shown = 0;
        try (Model judged = Model.open(file)) {
            while (shown < size) {
                int end = Math.min(size, shown + PART);
                boolean[] answers = answers(judged, shown, end);
                for (int i = shown; i < end; i++) {
                    boolean answer = answers[i - shown];
                    differing += answer == expected[i] ? 0 : 1;
                    right += answer ? 1 : 0;
                    rightExpected += expected[i] ? 1 : 0;
                }
                shown = end;
                listener.step("fallback", shown, size);
                int drop = rightExpected - right;
                if (shown < size && isClearlyTooLarge(drop, differing, shown)) {
                    return new Verdict(shown, 100.0 * drop / shown, true);
                }
            }
        }
        Accuracy accuracy = new Accuracy(right, size);
        Accuracy floatAccuracy = new Accuracy(rightExpected, size);
        return new Verdict(
                size, accuracy.dropPoints(floatAccuracy), accuracy.dropsMoreThan(maxDropPoints, floatAccuracy));
    }

    /** A step of one picture counts 1, 0 or -1; those shown are drawn without putting any back. */
    private boolean isClearlyTooLarge(int drop, int differing, int shown) {
        double mean = (double) drop / shown;
        double variance = (double) differing / shown - mean * mean;
        double unseen = 1 - (double) shown / order.length;
        return mean - STANDARD_ERRORS * Math.sqrt(variance / shown * unseen) > maxDropPoints / 100;
    }

    private boolean[] answers(Model judged, int from, int to) {
        int[] part = Arrays.copyOfRange(order, from, to);
        List<Model> asked = new ArrayList<>(List.of(judged));
        boolean known = to <= expectedKnown;
        if (!known) {
            asked.add(reference);
        }
        List<boolean[]> right = Evaluation.rightAnswers(asked, test, part, done -> {});
        if (!known) {
            System.arraycopy(right.get(1), 0, expected, from, part.length);
            expectedKnown = to;
        }
        return right.get(0);
    }
}
