package dev.glint.exporter.verify;

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

    /** By how much this one is below another, in percentage points; negative if it is above. */
    public double dropPoints(Accuracy reference) {
        return 100 * (reference.share() - share());
    }
}
