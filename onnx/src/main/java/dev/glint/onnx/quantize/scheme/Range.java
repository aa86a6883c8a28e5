package dev.glint.onnx.quantize.scheme;

import java.util.Optional;

/**
 * The smallest and the largest element that a value was seen with.
 *
 * @param min finite
 * @param max finite, at least {@code min}
 */
public record Range(float min, float max) {
    public Range {
        if (!Float.isFinite(min) || !Float.isFinite(max) || min > max) {
            throw new IllegalArgumentException("a range of " + min + " to " + max);
        }
    }

    /** The range of numbers; empty if there are none, or some are not finite. */
    public static Optional<Range> covering(float... values) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return Optional.empty();
            }
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        return values.length == 0 ? Optional.empty() : Optional.of(new Range(min, max));
    }

    /** The range that holds both. */
    public Range union(Range other) {
        return new Range(Math.min(min, other.min), Math.max(max, other.max));
    }

    /** The range that holds this one and 0. */
    public Range withZero() {
        return new Range(Math.min(min, 0), Math.max(max, 0));
    }
}
