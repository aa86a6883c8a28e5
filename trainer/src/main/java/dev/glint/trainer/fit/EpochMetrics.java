package dev.glint.trainer.fit;

import java.util.List;

/**
 * What an epoch gave.
 *
 * @param epoch from 1 on
 * @param train the score on the training pictures as they went by, augmented, while the weights changed
 * @param heldOut the score on the held-out pictures after the epoch
 * @param learningRate that of the last step
 * @param trainNanos wall time of the steps
 * @param evaluateNanos wall time of judging
 */
public record EpochMetrics(
        int epoch, Score train, Score heldOut, double learningRate, long trainNanos, long evaluateNanos) {

    /**
     * The best of some epochs: the one with the highest held-out accuracy, of several such the one with the lowest held-out
     * loss, of several such the first.
     *
     * @param epochs at least one
     */
    public static EpochMetrics best(List<EpochMetrics> epochs) {
        EpochMetrics best = epochs.get(0);
        for (EpochMetrics epoch : epochs) {
            best = epoch.heldOut.isBetterThan(best.heldOut) ? epoch : best;
        }
        return best;
    }

    /** Wall time in seconds, of the steps and of judging. */
    public double seconds() {
        return (trainNanos + evaluateNanos) / 1e9;
    }
}
