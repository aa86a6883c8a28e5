package dev.glint.trainer.fit;

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
            requirePositive(rate);
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
            requirePositive(peak);
            if (warmupSteps < 0 || totalSteps <= warmupSteps) {
                throw new IllegalArgumentException(warmupSteps + " of " + totalSteps + " steps");
            }
        }

        @Override
        public double at(long step) {
            if (step < warmupSteps) {
                return peak * (step + 1) / (warmupSteps + 1);
            }
            double progress = Math.min(1.0, (double) (step - warmupSteps) / (totalSteps - warmupSteps));
            return peak * 0.5 * (1 + StrictMath.cos(Math.PI * progress));
        }
    }

    private static void requirePositive(double rate) {
        if (!(rate > 0) || !Double.isFinite(rate)) {
            throw new IllegalArgumentException("a learning rate of " + rate);
        }
    }
}
