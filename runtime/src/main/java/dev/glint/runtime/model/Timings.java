package dev.glint.runtime.model;

/**
 * What pictures took on their way to an answer.
 *
 * @param decodeNanos from the encoded bytes or raw pixels to the decoded picture, reading included; 0 of one that was decoded
 *     before
 * @param preprocessNanos from there to the tensor
 * @param runNanos from there to the output
 */
public record Timings(long decodeNanos, long preprocessNanos, long runNanos) {
    static final Timings NONE = new Timings(0, 0, 0);

    /** Both one after the other. */
    Timings plus(Timings other) {
        return new Timings(
                decodeNanos + other.decodeNanos, preprocessNanos + other.preprocessNanos, runNanos + other.runNanos);
    }
}
