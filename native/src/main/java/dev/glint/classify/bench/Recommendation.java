package dev.glint.classify.bench;

import dev.glint.runtime.evaluate.Accuracy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which variant to run on this machine: the fastest that loses no more accuracy than may be lost.
 *
 * @param chosen the measurement of that variant, in that engine
 * @param reason why, for people
 * @param ortFrom from how many pictures in one process on ONNX Runtime is done with it before Glint's own engine: 0 if always, {@link
 *     Long#MAX_VALUE} if never
 * @param refusals of the others that are not fp32: why not, for people
 */
record Recommendation(Measurement chosen, String reason, long ortFrom, List<String> refusals) {
    private static final String ORT = "ort";

    /**
     * Chooses.
     *
     * @param measurements at least one
     * @param maxDropPoints percentage points of accuracy that may be lost against fp32, or against the most accurate where fp32
     *     was not measured
     */
    static Recommendation choose(List<Measurement> measurements, double maxDropPoints) {
        boolean several =
                measurements.stream().map(Measurement::engine).distinct().count() > 1;
        Optional<Measurement> accurate = mostAccurate(measurements);
        List<String> refusals = new ArrayList<>();
        Measurement chosen = null;
        for (Measurement m : measurements) {
            Optional<Measurement> reference = floats(m, measurements).or(() -> accurate);
            Optional<String> drop = reference.flatMap(other -> tooMuch(m, other, maxDropPoints));
            Optional<Measurement> faster = floats(m, measurements)
                    .filter(other -> other.latency().p50Nanos() <= m.latency().p50Nanos());
            if (drop.isPresent()) {
                refusals.add("not " + m.name(several) + ": " + drop.get());
            } else if (faster.isPresent()) {
                refusals.add(String.format(
                        Locale.ROOT,
                        "not %s: no faster than %s (%.2fx)",
                        m.name(several),
                        faster.get().variant().name(),
                        m.speedUp().orElse(1)));
            } else if (chosen == null
                    || m.latency().p50Nanos() < chosen.latency().p50Nanos()) {
                chosen = m;
            }
        }
        if (chosen == null) {
            throw new IllegalArgumentException("no measurements");
        }
        return new Recommendation(
                chosen,
                reason(chosen, several, measurements.size() > 1),
                ortFrom(chosen.variant(), measurements),
                refusals);
    }

    /** One process pays for its start, and then for each picture. */
    private static long ortFrom(Variant variant, List<Measurement> measurements) {
        Optional<Measurement> ort = inEngine(true, variant, measurements);
        Optional<Measurement> own = inEngine(false, variant, measurements);
        if (ort.isEmpty() || own.isEmpty()) {
            return ort.isPresent() ? 0 : Long.MAX_VALUE;
        }
        long later = ort.get().cold().processNanos() - own.get().cold().processNanos();
        long faster = own.get().latency().p50Nanos() - ort.get().latency().p50Nanos();
        if (faster <= 0) {
            return Long.MAX_VALUE;
        }
        // The first picture is in the process's time already.
        return later <= 0 ? 0 : 2 + later / faster;
    }

    private static Optional<Measurement> inEngine(boolean ort, Variant variant, List<Measurement> measurements) {
        return measurements.stream()
                .filter(m -> m.variant().equals(variant) && m.engine().equals(ORT) == ort)
                .findFirst();
    }

    /** Which engine is done first, for people; empty where only one was measured. */
    Optional<String> engines() {
        if (ortFrom == 0 || ortFrom == Long.MAX_VALUE) {
            return Optional.empty();
        }
        return Optional.of("Glint's own engine is done first with fewer than " + ortFrom
                + " pictures in a process, ONNX Runtime with more.");
    }

    /** What a variant is compared with: fp32 of the same folder in the same engine; empty for fp32 itself. */
    private static Optional<Measurement> floats(Measurement m, List<Measurement> measurements) {
        List<Variant> variants = measurements.stream().map(Measurement::variant).toList();
        return measurements.stream()
                .filter(other -> other.engine().equals(m.engine()))
                .filter(other -> !other.variant().equals(m.variant()))
                .filter(other -> m.variant().baseline(variants).stream()
                        .anyMatch(index -> variants.get(index).equals(other.variant())))
                .findFirst();
    }

    private static Optional<Measurement> mostAccurate(List<Measurement> measurements) {
        return measurements.stream()
                .filter(m -> m.accuracy().isPresent())
                .max(Comparator.comparingDouble(m -> m.accuracy().orElseThrow().share()));
    }

    private static Optional<String> tooMuch(Measurement m, Measurement reference, double maxDropPoints) {
        Optional<Accuracy> own = m.accuracy();
        Optional<Accuracy> other = reference.accuracy();
        if (own.isEmpty() || other.isEmpty() || !own.get().dropsMoreThan(maxDropPoints, other.get())) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "%.2f points less accurate than %s, %.2f may be lost",
                own.get().dropPoints(other.get()),
                reference.variant().name(),
                maxDropPoints));
    }

    private static String reason(Measurement chosen, boolean several, boolean others) {
        StringBuilder reason = new StringBuilder(chosen.name(several));
        if (!others) {
            return reason.append(": there is no other").toString();
        }
        reason.append(": ");
        if (chosen.speedUp().orElse(1) > 1) {
            reason.append(String.format(
                    Locale.ROOT, "%.2f times as fast as fp32", chosen.speedUp().getAsDouble()));
        } else {
            reason.append("nothing is faster");
        }
        return reason.append(
                        chosen.accuracy().isPresent() ? " and accurate enough" : "; accuracy was not measured (--data)")
                .toString();
    }
}
