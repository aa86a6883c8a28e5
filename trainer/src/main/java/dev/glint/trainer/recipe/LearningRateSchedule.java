package dev.glint.trainer.recipe;

import java.util.List;

/** The learning rate of each step of a fit. */
public sealed interface LearningRateSchedule {

    /**
     * The learning rate of a step.
     *
     * @param step how many steps were made before it, from 0 on
     */
    double at(long step);

    /**
     * The same rate at every step.
     *
     * @param rate positive
     */
    record Constant(double rate) implements LearningRateSchedule {
        public Constant {
            Checks.requirePositive(rate, "learning rate");
        }

        @Override
        public double at(long step) {
            return rate;
        }
    }

    /**
     * Half a cosine from the peak to 0, after a linear rise (Loshchilov, Hutter, "SGDR", 2017; Goyal et al., "Accurate,
     * Large Minibatch SGD", 2017). Step i of the rise has rate {@code peak (i + 1) / (warmupSteps + 1)}, so the peak is
     * that of the first step behind it; 0 would be that of the step behind the last one.
     *
     * @param peak positive
     * @param warmupSteps steps of the rise; 0 for none
     * @param totalSteps all steps, more than those of the rise
     */
    record Cosine(double peak, long warmupSteps, long totalSteps) implements LearningRateSchedule {
        public Cosine {
            Checks.requirePositive(peak, "learning rate");
            Checks.require(warmupSteps >= 0 && totalSteps > warmupSteps, warmupSteps + " of " + totalSteps + " steps");
        }

        @Override
        public double at(long step) {
            if (step < warmupSteps) {
                return rise(peak, step, warmupSteps);
            }
            double progress = Math.min(1.0, (double) (step - warmupSteps) / (totalSteps - warmupSteps));
            return peak * 0.5 * (1 + StrictMath.cos(Math.PI * progress));
        }
    }

    /**
     * A straight rise to the peak and a straight fall to 0 (Smith and Topin, "Super-Convergence", 2018). Step i of the
     * rise has rate {@code peak (i + 1) / (riseSteps + 1)}; 0 would be that of the step behind the last one.
     *
     * @param peak positive
     * @param riseSteps steps of the rise; 0 for none
     * @param totalSteps all steps, more than those of the rise
     */
    record OneCycle(double peak, long riseSteps, long totalSteps) implements LearningRateSchedule {
        public OneCycle {
            Checks.requirePositive(peak, "learning rate");
            Checks.require(riseSteps >= 0 && totalSteps > riseSteps, riseSteps + " of " + totalSteps + " steps");
        }

        @Override
        public double at(long step) {
            return step < riseSteps
                    ? rise(peak, step, riseSteps)
                    : peak * Math.max(0, (double) (totalSteps - step) / (totalSteps - riseSteps));
        }
    }

    /**
     * The peak after a linear rise, multiplied with a factor at each milestone (as PyTorch's {@code MultiStepLR}).
     *
     * @param peak positive
     * @param warmupSteps steps of the rise; 0 for none
     * @param factor positive, at most 1
     * @param milestones how many steps are made before each change, rising
     */
    record Step(double peak, long warmupSteps, double factor, List<Long> milestones) implements LearningRateSchedule {
        public Step {
            Checks.requirePositive(peak, "learning rate");
            Checks.require(warmupSteps >= 0, warmupSteps + " steps");
            Checks.require(factor > 0 && factor <= 1, "a factor of " + factor);
            milestones = List.copyOf(milestones);
        }

        @Override
        public double at(long step) {
            if (step < warmupSteps) {
                return rise(peak, step, warmupSteps);
            }
            double rate = peak;
            for (long milestone : milestones) {
                rate *= step >= milestone ? factor : 1;
            }
            return rate;
        }
    }

    private static double rise(double peak, long step, long steps) {
        return peak * (step + 1) / (steps + 1);
    }
}
