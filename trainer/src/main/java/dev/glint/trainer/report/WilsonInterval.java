package dev.glint.trainer.report;

import java.util.Locale;

/**
 * Where the share of right answers among all pictures of the kind lies, judged by some of them, with a confidence of 95 %
 * (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927).
 *
 * @param low 0 to 1
 * @param high {@code low} to 1
 */
public record WilsonInterval(double low, double high) {
    /** The quantile of the normal distribution that leaves 2.5 % on either side. */
    private static final double Z = 1.959963984540054;

    /**
     * The interval of a count.
     *
     * @param total at least 1
     */
    public static WilsonInterval estimate(long right, long total) {
        double share = (double) right / total;
        double shrink = 1 + Z * Z / total;
        double middle = (share + Z * Z / (2.0 * total)) / shrink;
        double reach = Z * Math.sqrt(share * (1 - share) / total + Z * Z / (4.0 * total * total)) / shrink;
        return new WilsonInterval(Math.max(0, middle - reach), Math.min(1, middle + reach));
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f to %.1f %%", 100 * low, 100 * high);
    }
}
