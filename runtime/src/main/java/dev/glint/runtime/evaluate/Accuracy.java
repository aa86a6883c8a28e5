package dev.glint.runtime.evaluate;

import java.math.BigDecimal;

/**
 * How often a model's most probable class was the right one.
 *
 * @param correct pictures it got right
 * @param pictures all pictures, at least 1
 */
public record Accuracy(int correct, int pictures) {
    public Accuracy {
        if (pictures < 1 || correct < 0 || correct > pictures) {
            throw new IllegalArgumentException(correct + " of " + pictures);
        }
    }

    /** The share of right answers, 0 to 1. */
    public double share() {
        return (double) correct / pictures;
    }

    /** By how much this one is below another, in percentage points, rounded to a double; negative if it is above. */
    public double dropPoints(Accuracy reference) {
        return 100.0 * drop(reference) / ((double) reference.pictures * pictures);
    }

    /**
     * Whether this one is below another by more than so many percentage points. Counts are compared, so that a drop of just
     * those points is none too many.
     */
    public boolean dropsMoreThan(double points, Accuracy reference) {
        BigDecimal dropped = BigDecimal.valueOf(drop(reference)).movePointRight(2);
        BigDecimal allowed =
                BigDecimal.valueOf(points).multiply(BigDecimal.valueOf((long) reference.pictures * pictures));
        return dropped.compareTo(allowed) > 0;
    }

    /** The drop times both numbers of pictures. */
    private long drop(Accuracy reference) {
        return (long) reference.correct * pictures - (long) correct * reference.pictures;
    }
}
