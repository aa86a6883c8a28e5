package dev.glint.trainer.recipe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What becomes of the learning rate, whatever the length of a fit.
 *
 * @param curve how it goes
 * @param warmupEpochs how long it rises at first, 0 or more; a rise takes no more than a fifth of the fit, and one cycle
 *     has its own
 */
public record Schedule(Curve curve, double warmupEpochs) {

    /** The texts that {@link #curve} knows, for help texts and errors. */
    public static final String KNOWN =
            "constant, cosine (to 0), one-cycle=RISE (up for that share of the fit, down to 0) or"
                    + " step=FACTOR:SHARE:... (times FACTOR after each SHARE of the fit)";

    /** How a learning rate goes. */
    public sealed interface Curve {}

    /** It stays. */
    public record Constant() implements Curve {
        @Override
        public String toString() {
            return "constant";
        }
    }

    /** Half a cosine to 0. */
    public record Cosine() implements Curve {
        @Override
        public String toString() {
            return "cosine";
        }
    }

    /**
     * Up and down in straight lines.
     *
     * @param rise share of the fit in which it rises, above 0, below 1
     */
    public record OneCycle(double rise) implements Curve {
        public OneCycle {
            Checks.require(rise > 0 && rise < 1, "a rise of " + rise);
        }

        @Override
        public String toString() {
            return "one-cycle=" + rise;
        }
    }

    /**
     * Down in steps.
     *
     * @param factor what it is multiplied with at each step, above 0, below 1
     * @param shares of the fit after which that happens, rising, above 0, below 1
     */
    public record Step(double factor, List<Double> shares) implements Curve {
        public Step {
            shares = List.copyOf(shares);
            Checks.require(factor > 0 && factor < 1, "a factor of " + factor);
            double last = 0;
            for (double share : shares) {
                Checks.require(share > last && share < 1, "the share " + share);
                last = share;
            }
            Checks.require(!shares.isEmpty(), "no shares");
        }

        @Override
        public String toString() {
            return "step=" + factor + shares.stream().map(share -> ":" + share).collect(Collectors.joining());
        }
    }

    public Schedule {
        Checks.requireNotNegative(warmupEpochs, "warm-up in epochs");
    }

    /**
     * Reads the text form of a curve; parameters that are left out have their usual values.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Curve curve(String text) {
        int equals = text.indexOf('=');
        List<Double> values = equals < 0
                ? List.of()
                : Arrays.stream(text.substring(equals + 1).split(":", -1))
                        .map(Double::valueOf)
                        .toList();
        String name = equals < 0 ? text : text.substring(0, equals);
        switch (name) {
            case "constant":
                Checks.require(values.isEmpty(), "parameters of " + name);
                return new Constant();
            case "cosine":
                Checks.require(values.isEmpty(), "parameters of " + name);
                return new Cosine();
            case "one-cycle":
                Checks.require(values.size() <= 1, "more than one rise");
                return new OneCycle(values.isEmpty() ? 0.3 : values.get(0));
            case "step":
                return values.isEmpty()
                        ? new Step(0.1, List.of(0.5, 0.75))
                        : new Step(values.get(0), values.subList(1, values.size()));
            default:
                throw new IllegalArgumentException("the curve '" + name + "'");
        }
    }

    /**
     * The learning rates of a fit.
     *
     * @param peak the highest one
     * @param epochs of the fit
     * @param stepsPerEpoch of each epoch
     */
    public LearningRateSchedule of(double peak, int epochs, int stepsPerEpoch) {
        long total = (long) epochs * stepsPerEpoch;
        long warmup = Math.min(Math.round(warmupEpochs * stepsPerEpoch), total / 5);
        if (curve instanceof Cosine) {
            return new LearningRateSchedule.Cosine(peak, warmup, total);
        }
        if (curve instanceof OneCycle cycle) {
            return new LearningRateSchedule.OneCycle(peak, Math.round(cycle.rise() * total), total);
        }
        if (curve instanceof Step step) {
            List<Long> milestones = new ArrayList<>();
            step.shares().forEach(share -> milestones.add(Math.round(share * total)));
            return new LearningRateSchedule.Step(peak, warmup, step.factor(), milestones);
        }
        return warmup == 0
                ? new LearningRateSchedule.Constant(peak)
                : new LearningRateSchedule.Step(peak, warmup, 1, List.of());
    }
}
