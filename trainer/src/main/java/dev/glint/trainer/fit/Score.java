package dev.glint.trainer.fit;

/**
 * How well a model does on some pictures.
 *
 * @param pictures how many, at least 1
 * @param correct how many have their own class as the most probable one
 * @param loss mean cross entropy, natural logarithm
 */
public record Score(int pictures, int correct, double loss) {
    public Score {
        if (pictures < 1 || correct < 0 || correct > pictures) {
            throw new IllegalArgumentException(correct + " of " + pictures);
        }
    }

    /** Correct pictures among all, 0 to 1. */
    public double accuracy() {
        return (double) correct / pictures;
    }

    /** Whether more pictures are right than in another score, or as many with a lower loss. */
    public boolean isBetterThan(Score other) {
        return accuracy() > other.accuracy() || (accuracy() == other.accuracy() && loss < other.loss);
    }
}
