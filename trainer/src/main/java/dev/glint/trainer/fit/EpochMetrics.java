package dev.glint.trainer.fit;

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
        int epoch, Score train, Score heldOut, double learningRate, long trainNanos, long evaluateNanos) {}
