package dev.glint.runtime.engine.glint;

import org.jspecify.annotations.Nullable;

/**
 * What stands behind a value that only one node takes: activations that do no more than clamp it, and perhaps a QuantizeLinear. A
 * step may do their work along with its own.
 *
 * @param value what the last of the activations gives, or the value itself
 * @param clamp what they leave
 * @param nodes the indices of the activations
 * @param encoding of the QuantizeLinear behind them; null if there is none
 * @param encodingNode the index of that QuantizeLinear
 */
record Ending(
        String value,
        FloatFunction.Clamp clamp,
        int[] nodes,
        @Nullable Encoding encoding,
        int encodingNode) {
    static final FloatFunction.Clamp UNCLAMPED =
            new FloatFunction.Clamp(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);

    /** The smallest byte that may come out. */
    int min() {
        return requireEncoding().encode(clamp.min()) & 0xff;
    }

    /** The largest byte that may come out. */
    int max() {
        return requireEncoding().encode(clamp.max()) & 0xff;
    }

    Encoding requireEncoding() {
        if (encoding == null) {
            throw new IllegalStateException("no QuantizeLinear follows");
        }
        return encoding;
    }

    boolean isEncoded() {
        return encoding != null;
    }

    /** Whether nothing is clamped. */
    boolean isUnclamped() {
        return clamp.min() == UNCLAMPED.min() && clamp.max() == UNCLAMPED.max();
    }
}
