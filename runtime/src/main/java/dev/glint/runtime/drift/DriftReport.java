package dev.glint.runtime.drift;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How far the pictures that a model saw are from its baseline, by two usual measures.
 *
 * <p>The population stability index is {@code sum((s - b) * ln(s / b))} over the shares of the seen pictures and of the
 * baseline's in about ten groups of the baseline's size; half a picture is added to each group, so that none is empty. Below
 * 0.1 it counts as stable, up to 0.25 as moderate, above as drift. Few pictures are apart by chance: what stays below {@code
 * (g - 1 + 3.09 * sqrt(2 * (g - 1))) * (1 / n + 1 / m)}, which 999 of 1000 samples of n and m pictures in g groups do where
 * nothing has changed, counts as stable always.
 *
 * <p>The Kolmogorov-Smirnov distance is the largest between the cumulated shares; above {@code 1.949 * sqrt((n + m) / (n *
 * m))}, its critical value for a risk of 0.001, it counts as moderate.
 *
 * @param baselinePictures how many pictures the baseline is of, n
 * @param seenPictures how many were seen, m
 * @param statistics in a fixed order
 * @see <a href="https://scholarworks.wmich.edu/dissertations/3208/">B. Yurdakul, Statistical Properties of Population Stability
 *     Index, 2018</a>
 */
public record DriftReport(long baselinePictures, long seenPictures, List<Statistic> statistics) {
    private static final double MODERATE_PSI = 0.1;
    private static final double DRIFT_PSI = 0.25;
    private static final double CHANCE_QUANTILE = 3.09;
    private static final double KS_RISK_FACTOR = 1.949;
    private static final int GROUPS = 10;

    /** How much has changed. */
    public enum Level {
        /** Nothing to speak of. */
        STABLE,
        /** Worth a look. */
        MODERATE,
        /** The pictures are others than the model was made for. */
        DRIFT
    }

    /**
     * One thing that was counted.
     *
     * @param name of it
     * @param psi population stability index
     * @param psiByChance below which that may be chance
     * @param ks Kolmogorov-Smirnov distance, 0 to 1; empty for classes, which have no order
     * @param ksCritical above which that is no chance
     * @param level what both say
     */
    public record Statistic(
            String name, double psi, double psiByChance, OptionalDouble ks, double ksCritical, Level level) {}

    public DriftReport {
        statistics = List.copyOf(statistics);
    }

    /** Compares what was seen with the baseline. */
    public static DriftReport compare(DriftProfile baseline, DriftProfile seen) {
        List<Statistic> statistics = new ArrayList<>();
        statistics.add(ordered("top probability", baseline.topProbability(), seen.topProbability()));
        statistics.add(ordered("entropy", baseline.entropy(), seen.entropy()));
        statistics.add(unordered("classes", baseline.classes(), seen.classes()));
        for (int c = 0; c < baseline.channelMeans().size(); c++) {
            statistics.add(ordered(
                    "mean of channel " + c,
                    baseline.channelMeans().get(c),
                    seen.channelMeans().get(c)));
        }
        return new DriftReport(baseline.pictures(), seen.pictures(), statistics);
    }

    /** The highest of all levels. */
    public Level level() {
        return statistics.stream().map(Statistic::level).max(Level::compareTo).orElse(Level.STABLE);
    }

    private static Statistic ordered(String name, Histogram baseline, Histogram seen) {
        int[] groups = groups(baseline);
        return statistic(name, baseline, seen, groups, OptionalDouble.of(distance(baseline, seen)));
    }

    private static Statistic unordered(String name, Histogram baseline, Histogram seen) {
        int[] groups = new int[baseline.counts().size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = i;
        }
        return statistic(name, baseline, seen, groups, OptionalDouble.empty());
    }

    private static Statistic statistic(
            String name, Histogram baseline, Histogram seen, int[] groups, OptionalDouble ks) {
        double n = baseline.total();
        double m = seen.total();
        if (n == 0 || m == 0) {
            return new Statistic(name, 0, 0, ks.isPresent() ? OptionalDouble.of(0) : ks, 0, Level.STABLE);
        }
        int count = groups[groups.length - 1] + 1;
        double psi = stabilityIndex(shares(baseline, groups, count), shares(seen, groups, count));
        double chance = (count - 1 + CHANCE_QUANTILE * Math.sqrt(2.0 * (count - 1))) * (1 / n + 1 / m);
        double critical = KS_RISK_FACTOR * Math.sqrt((n + m) / (n * m));
        Level level = Level.STABLE;
        if (psi > MODERATE_PSI && psi > chance || ks.orElse(0) > critical) {
            level = psi > DRIFT_PSI && psi > chance ? Level.DRIFT : Level.MODERATE;
        }
        return new Statistic(name, psi, chance, ks, critical, level);
    }

    /** The group of each bin: together a tenth of the baseline or more, but for the last; a bin that has a tenth is alone. */
    private static int[] groups(Histogram baseline) {
        double tenth = (double) baseline.total() / GROUPS;
        int[] groups = new int[baseline.counts().size()];
        int group = 0;
        double inGroup = 0;
        for (int i = 0; i < groups.length; i++) {
            double count = baseline.counts().get(i);
            boolean full = inGroup >= tenth || count >= tenth;
            if (i > 0 && full) {
                group++;
                inGroup = 0;
            }
            groups[i] = group;
            inGroup += count;
        }
        return groups;
    }

    private static double[] shares(Histogram histogram, int[] groups, int count) {
        double[] shares = new double[count];
        for (int i = 0; i < groups.length; i++) {
            shares[groups[i]] += histogram.counts().get(i);
        }
        double total = histogram.total() + count / 2.0;
        for (int g = 0; g < count; g++) {
            shares[g] = (shares[g] + 0.5) / total;
        }
        return shares;
    }

    private static double stabilityIndex(double[] baseline, double[] seen) {
        double sum = 0;
        for (int g = 0; g < baseline.length; g++) {
            sum += (seen[g] - baseline[g]) * Math.log(seen[g] / baseline[g]);
        }
        return sum;
    }

    private static double distance(Histogram baseline, Histogram seen) {
        double n = Math.max(1, baseline.total());
        double m = Math.max(1, seen.total());
        double farthest = 0;
        long below = 0;
        long seenBelow = 0;
        for (int i = 0; i < baseline.counts().size(); i++) {
            below += baseline.counts().get(i);
            seenBelow += seen.counts().get(i);
            farthest = Math.max(farthest, Math.abs(below / n - seenBelow / m));
        }
        return farthest;
    }
}
