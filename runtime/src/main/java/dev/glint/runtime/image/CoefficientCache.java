package dev.glint.runtime.image;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the weights of axes that were resized lately, up to a number of bytes; when those are exceeded, it begins anew. What
 * would take more than a quarter of them is computed each time. Safe for use by several threads: a hit takes no lock.
 */
final class CoefficientCache {
    /** An entry beside its arrays, roughly. */
    private static final long OVERHEAD_BYTES = 160;

    private final long maxBytes;
    private final Map<Axis, Coefficients> kept = new ConcurrentHashMap<>();
    private long bytes;

    private record Axis(int in, int out, Interpolation interpolation) {
        /** By hand, for a start: what the compiler makes of a record runs through method handles, which a native image interprets. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Axis that
                    && in == that.in
                    && out == that.out
                    && interpolation == that.interpolation;
        }

        @Override
        public int hashCode() {
            return (31 * in + out) * 31 + interpolation.hashCode();
        }
    }

    CoefficientCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** As {@link Coefficients#forResize}. */
    Coefficients get(int in, int out, Interpolation interpolation) {
        Axis axis = new Axis(in, out, interpolation);
        Coefficients known = kept.get(axis);
        if (known != null) {
            return known;
        }
        Coefficients computed = Coefficients.forResize(in, out, interpolation);
        if (sizeBytes(computed) <= maxBytes / 4) {
            keep(axis, computed);
        }
        return computed;
    }

    private synchronized void keep(Axis axis, Coefficients computed) {
        long size = sizeBytes(computed);
        if (bytes + size > maxBytes) {
            kept.clear();
            bytes = 0;
        }
        if (kept.putIfAbsent(axis, computed) == null) {
            bytes += size;
        }
    }

    private static long sizeBytes(Coefficients coefficients) {
        return OVERHEAD_BYTES
                + 4L * (coefficients.first().length + coefficients.count().length + coefficients.weights().length);
    }

    /** What is kept takes so many bytes, counted afresh. */
    synchronized long keptBytes() {
        return kept.values().stream().mapToLong(CoefficientCache::sizeBytes).sum();
    }
}
