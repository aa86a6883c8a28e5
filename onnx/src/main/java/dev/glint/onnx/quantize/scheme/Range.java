package dev.glint.onnx.quantize.scheme;

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

    /** The range that holds both. */
    public Range union(Range other) {
        return new Range(Math.min(min, other.min), Math.max(max, other.max));
    }

    /** The range that holds this one and 0. */
    public Range withZero() {
        return new Range(Math.min(min, 0), Math.max(max, 0));
    }
}
