package dev.glint.trainer.recipe;

/**
 * The learning rate of each step of a fit: a {@link Schedule} with a peak and a length. Step i of a warm-up (Goyal et al.,
 * "Accurate, Large Minibatch SGD", 2017) has rate {@code peak (i + 1) / (warmupSteps + 1)}, so the peak is that of the first
 * step behind it.
 *
 * @param curve how it goes
 * @param peak its highest rate, positive
 * @param warmupSteps steps of the rise; 0 for none
 * @param totalSteps all steps, more than those of the rise
 */
public record LearningRateSchedule(Schedule.Curve curve, double peak, long warmupSteps, long totalSteps) {
    public LearningRateSchedule {
        Hyperparameter.LEARNING_RATE.require(peak);
        Checks.require(warmupSteps >= 0 && totalSteps > warmupSteps, warmupSteps + " of " + totalSteps + " steps");
    }

    /**
     * The learning rate of a step.
     *
     * @param step how many steps were made before it, from 0 on
     */
    public double rate(long step) {
        return curve.rate(this, step);
    }

    boolean warmsUp(long step) {
        return step < warmupSteps;
    }

    double warmUpRate(long step) {
        return rise(peak, step, warmupSteps);
    }

    static double rise(double peak, long step, long steps) {
        return peak * (step + 1) / (steps + 1);
    }
}
