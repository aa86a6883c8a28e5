package dev.glint.trainer.fit;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The learning rate range test (Smith, "Cyclical Learning Rates for Training Neural Networks", 2017): a fit whose
 * learning rate rises from step to step by the same factor, until its loss goes up for good.
 *
 * @param points the steps that were made, at least {@link #MINIMUM}
 * @param guessing the loss of a network that guesses, the natural logarithm of the number of classes
 */
public record RangeTest(List<Point> points, double guessing) {
    /** With fewer points there is nothing to see. */
    public static final int MINIMUM = 10;

    private static final double SMOOTHING = 0.9;
    /** The test ends when the smoothed loss is so many times its lowest. */
    private static final double DIVERGED = 4;
    /** How many steps on either side a smoothed loss averages over. */
    private static final int REACH = 4;
    /** What of its whole fall the loss has behind it at the end of the plateau. */
    private static final double PLATEAU_SHARE = 0.2;
    /** How many standard deviations of a smoothed loss are chance. */
    private static final double CHANCE = 3;
    /** So many standard deviations lie between a normal distribution's mean and its quartile. */
    private static final double NORMAL_QUARTILE = 0.6745;

    /**
     * A step.
     *
     * @param learningRate of the step
     * @param loss before the step, of its batch
     */
    public record Point(double learningRate, double loss) {}

    public RangeTest {
        points = List.copyOf(points);
        if (points.size() < MINIMUM || !(guessing > 0)) {
            throw new IllegalArgumentException(points.size() + " points, a guess of " + guessing);
        }
    }

    /**
     * Runs the test; the fitter is spoilt afterwards.
     *
     * @param classes how many the fitter's pictures have
     * @param lowest first learning rate, positive
     * @param highest last learning rate if the loss stays low so long, above {@code lowest}
     * @param steps between both, at least {@link #MINIMUM}
     * @param progress is told after each step how many are done
     * @throws GlintException ({@code GATE}) if the loss goes up before there is anything to see
     */
    public static RangeTest run(
            Fitter fitter, int classes, double lowest, double highest, int steps, IntConsumer progress) {
        if (!(lowest > 0) || !(highest > lowest) || Double.isInfinite(highest) || steps < MINIMUM) {
            throw new IllegalArgumentException(steps + " steps from " + lowest + " to " + highest);
        }
        List<Point> points = new ArrayList<>();
        double average = 0;
        double best = Double.POSITIVE_INFINITY;
        boolean diverged = false;
        for (int epoch = 1; points.size() < steps && !diverged; epoch++) {
            try (Batches batches = fitter.batches(epoch);
                    StepResults results = fitter.readAtOnce()) {
                InputBatch batch = batches.next();
                while (batch != null && points.size() < steps && !diverged) {
                    int step = points.size();
                    double rate = lowest * Math.pow(highest / lowest, step / (steps - 1.0));
                    fitter.step(batch, rate, results);
                    double loss = results.loss();
                    average = SMOOTHING * average + (1 - SMOOTHING) * loss;
                    double smoothed = average / (1 - Math.pow(SMOOTHING, step + 1));
                    diverged = !Double.isFinite(loss) || smoothed > DIVERGED * best;
                    if (!diverged) {
                        points.add(new Point(rate, loss));
                        best = Math.min(best, smoothed);
                        progress.accept(step + 1);
                        batch = batches.next();
                    }
                }
            }
        }
        if (points.size() < MINIMUM) {
            throw GlintException.failure(
                    Reason.GATE,
                    "a loss that goes up from the " + (points.size() + 1) + "th step on",
                    "one that falls at first",
                    "begin lower than a learning rate of " + lowest + " (--from)");
        }
        return new RangeTest(points, Math.log(classes));
    }

    /**
     * The mean loss around each point: of up to four steps on either side, of as many on both so that nothing is
     * shifted.
     */
    public double[] smoothed() {
        double[] smoothed = new double[points.size()];
        for (int i = 0; i < smoothed.length; i++) {
            int reach = Math.min(REACH, Math.min(i, smoothed.length - 1 - i));
            smoothed[i] = points.subList(i - reach, i + reach + 1).stream()
                    .mapToDouble(Point::loss)
                    .average()
                    .orElseThrow();
        }
        return smoothed;
    }

    /** The learning rate of the lowest smoothed loss: what lies above it does harm. */
    public double limit() {
        return points.get(lowest(smoothed())).learningRate();
    }

    /**
     * The learning rate at which the smoothed loss falls most steeply, behind the plateau that most tests begin with: a
     * good highest one of a schedule. What goes up and down on the plateau is chance; it ends where the loss has fallen
     * for good by a fifth of its whole fall. First weights may be worse than guessing; a fall to that is no learning yet,
     * and counts only where the loss falls no further.
     *
     * @throws GlintException ({@code GATE}) if the loss falls by no more than chance has it
     */
    public double suggestion() {
        double[] smoothed = smoothed();
        int lowest = lowest(smoothed);
        double level = smoothed[REACH];
        double fall = level - smoothed[lowest];
        double chance = CHANCE * noise(lowest) / Math.sqrt(2 * REACH + 1);
        if (lowest <= REACH || fall <= chance) {
            throw GlintException.failure(
                    Reason.GATE,
                    "a loss that falls nowhere from a learning rate of "
                            + points.get(0).learningRate() + " on",
                    "one that falls at first",
                    "begin elsewhere (--from) or take more steps (--steps)");
        }
        if (level > guessing && guessing - smoothed[lowest] > chance) {
            level = guessing;
            fall = level - smoothed[lowest];
        }
        double end = level - Math.max(PLATEAU_SHARE * fall, Math.min(chance, fall / 2));
        int steepest = lowest;
        double slope = Double.POSITIVE_INFINITY;
        // At the ends a mean is of few steps, and chance decides it.
        for (int i = Math.min(lowest, smoothed.length - 1 - REACH); i >= REACH && smoothed[i] < end; i--) {
            double rise = smoothed[i + REACH] - smoothed[i - REACH];
            if (rise < slope) {
                slope = rise;
                steepest = i;
            }
        }
        return points.get(steepest).learningRate();
    }

    /**
     * The standard deviation of a batch's loss around the curve, from the median difference of neighbours, up to the lowest
     * point: what comes behind it is a loss that goes astray.
     */
    private double noise(int lowest) {
        double[] differences = IntStream.rangeClosed(1, Math.max(lowest, MINIMUM - 1))
                .mapToDouble(
                        i -> Math.abs(points.get(i).loss() - points.get(i - 1).loss()))
                .sorted()
                .toArray();
        return differences[differences.length / 2] / (NORMAL_QUARTILE * Math.sqrt(2));
    }

    private static int lowest(double[] values) {
        int lowest = 0;
        for (int i = 1; i < values.length; i++) {
            lowest = values[i] < values[lowest] ? i : lowest;
        }
        return lowest;
    }
}
