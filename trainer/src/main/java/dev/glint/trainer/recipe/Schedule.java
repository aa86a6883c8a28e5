package dev.glint.trainer.recipe;

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
    public sealed interface Curve {
        /**
         * The rate of a step.
         *
         * @param step how many steps were made before it, from 0 on
         */
        double rate(LearningRateSchedule fit, long step);
    }

    /** It stays, after the warm-up. */
    public record Constant() implements Curve {
        @Override
        public double rate(LearningRateSchedule fit, long step) {
            return fit.warmsUp(step) ? fit.warmUpRate(step) : fit.peak();
        }

        @Override
        public String toString() {
            return "constant";
        }
    }

    /**
     * Half a cosine from the peak to 0, after the warm-up (Loshchilov, Hutter, "SGDR", 2017). The peak is that of the first
     * step behind the warm-up; 0 would be that of the step behind the last one.
     */
    public record Cosine() implements Curve {
        @Override
        public double rate(LearningRateSchedule fit, long step) {
            if (fit.warmsUp(step)) {
                return fit.warmUpRate(step);
            }
            long steps = fit.totalSteps() - fit.warmupSteps();
            double progress = Math.min(1.0, (double) (step - fit.warmupSteps()) / steps);
            return fit.peak() * 0.5 * (1 + StrictMath.cos(Math.PI * progress));
        }

        @Override
        public String toString() {
            return "cosine";
        }
    }

    /**
     * Up to the peak and down to 0 in straight lines (Smith and Topin, "Super-Convergence", 2018). At least the last step
     * falls; 0 would be the rate of the step behind it.
     *
     * @param rise share of the fit in which it rises, above 0, below 1
     */
    public record OneCycle(double rise) implements Curve {
        public OneCycle {
            Checks.require(rise > 0 && rise < 1, "a rise of " + rise + ", which is not between 0 and 1");
        }

        @Override
        public double rate(LearningRateSchedule fit, long step) {
            long total = fit.totalSteps();
            long riseSteps = Math.min(Math.round(rise * total), total - 1);
            return step < riseSteps
                    ? LearningRateSchedule.rise(fit.peak(), step, riseSteps)
                    : fit.peak() * Math.max(0, (double) (total - step) / (total - riseSteps));
        }

        @Override
        public String toString() {
            return "one-cycle=" + rise;
        }
    }

    /**
     * Down in steps, after the warm-up (as PyTorch's {@code MultiStepLR}).
     *
     * @param factor what it is multiplied with at each step, above 0, below 1
     * @param shares of the fit after which that happens, rising, above 0, below 1
     */
    public record Step(double factor, List<Double> shares) implements Curve {
        public Step {
            shares = List.copyOf(shares);
            Checks.require(factor > 0 && factor < 1, "a factor of " + factor + ", which is not between 0 and 1");
            double last = 0;
            for (double share : shares) {
                Checks.require(
                        share > last && share < 1,
                        "the share " + share + ", which is not between the one before it and 1");
                last = share;
            }
            Checks.require(!shares.isEmpty(), "no shares");
        }

        @Override
        public double rate(LearningRateSchedule fit, long step) {
            if (fit.warmsUp(step)) {
                return fit.warmUpRate(step);
            }
            double rate = fit.peak();
            for (double share : shares) {
                rate *= step >= Math.round(share * fit.totalSteps()) ? factor : 1;
            }
            return rate;
        }

        @Override
        public String toString() {
            return "step=" + factor + shares.stream().map(share -> ":" + share).collect(Collectors.joining());
        }
    }

    public Schedule {
        Hyperparameter.WARMUP_EPOCHS.require(warmupEpochs);
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
                        .map(Schedule::number)
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

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "', which is no number", e);
        }
    }

    /**
     * The learning rates of a fit.
     *
     * @param peak the highest one
     * @param epochs of the fit
     * @param stepsPerEpoch of each epoch
     */
    public LearningRateSchedule rates(double peak, int epochs, int stepsPerEpoch) {
        long total = (long) epochs * stepsPerEpoch;
        long warmup = Math.min(Math.round(warmupEpochs * stepsPerEpoch), total / 5);
        return new LearningRateSchedule(curve, peak, warmup, total);
    }
}
