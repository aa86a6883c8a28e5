package dev.glint.trainer.augment;

import java.util.Random;

/**
 * What an augmentation draws from: a stream of random numbers per picture and epoch, so that what happens to a picture
 * does not depend on those before it. For use by one thread.
 */
public final class Draw {
    private final Random random = new Random(0);
    private boolean mirrored;

    /**
     * Goes to the beginning of a picture's stream.
     *
     * @param seed of the picture in this epoch
     * @param mirrored whether it is this picture's turn in {@link AlternatingFlip}
     */
    public void begin(long seed, boolean mirrored) {
        random.setSeed(seed);
        this.mirrored = mirrored;
    }

    /** Whether the picture is mirrored in this epoch if it is in every second one. */
    boolean mirrored() {
        return mirrored;
    }

    /** True with this probability. */
    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Uniform between two numbers. */
    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** An integer from 0 to {@code last}, each as likely. */
    int upTo(int last) {
        return random.nextInt(last + 1);
    }

    /** One of so many, each as likely. */
    public int choice(int count) {
        return random.nextInt(count);
    }

    /** Fills an array with random bytes. */
    void bytes(byte[] bytes) {
        random.nextBytes(bytes);
    }

    /** From Beta(alpha, alpha), as the quotient of two gamma variables. */
    double beta(double alpha) {
        double x = gamma(alpha);
        double y = gamma(alpha);
        return x + y > 0 ? x / (x + y) : chance(0.5) ? 1 : 0;
    }

    /** Marsaglia and Tsang, "A Simple Method for Generating Gamma Variables", 2000. */
    private double gamma(double shape) {
        if (shape < 1) {
            return gamma(shape + 1) * StrictMath.pow(1 - random.nextDouble(), 1 / shape);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / (3 * Math.sqrt(d));
        while (true) {
            double x = random.nextGaussian();
            double v = 1 + c * x;
            if (v > 0) {
                v = v * v * v;
                double u = 1 - random.nextDouble();
                if (StrictMath.log(u) < 0.5 * x * x + d * (1 - v + StrictMath.log(v))) {
                    return d * v;
                }
            }
        }
    }
}
