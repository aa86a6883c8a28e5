package dev.glint.exporter.verify;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How near a smaller model's answers are to those of the model that it was made from, on pictures without labels.
 *
 * @param pictures that both saw, at least one
 * @param source what pictures these were
 * @param agreeing of how many the most probable class is the same
 * @param signalToNoiseDecibels ten times the decimal logarithm of the power of the larger model's logits over that of the
 *     difference, both without each picture's mean, which no probability depends on; at most {@link #MAX_DECIBELS}
 */
public record Agreement(int pictures, String source, int agreeing, double signalToNoiseDecibels) {
    /** What stands for no difference at all. */
    public static final double MAX_DECIBELS = 100;

    /** Below this nothing is left of the model: its logits are mostly noise. */
    private static final double COLLAPSED_DECIBELS = 2;

    /**
     * Below both of these nothing is left either: little more than chance of two classes. Logits that stand out further are
     * the model's; of pictures of other kinds than its classes, all of which are nearly as probable, few answers need be.
     */
    private static final double COLLAPSED_SHARE = 0.6;

    private static final double CLEAR_DECIBELS = 10;

    /**
     * What noise must reach. With ranges from black pictures the bar CNN has 0.7 and ResNet-18 1.7; with ranges from a
     * single good picture 21.8 and 18.8.
     */
    private static final double WIDE_DECIBELS = 5;

    /** From both of these on the smaller model may stand for the larger one. */
    private static final double CLOSE_SHARE = 0.9;

    private static final double CLOSE_DECIBELS = 12;

    public Agreement {
        if (pictures < 1 || agreeing < 0 || agreeing > pictures || !(Math.abs(signalToNoiseDecibels) <= MAX_DECIBELS)) {
            throw new IllegalArgumentException(agreeing + " of " + pictures + ", " + signalToNoiseDecibels + " dB");
        }
    }

    /**
     * Shows pictures to both models, one per processor at a time.
     *
     * @param reference open, as is the other; they stay so
     * @param pictures how many there are
     * @param picture gives one by its number, to any thread; each is asked for once
     */
    public static Agreement measure(
            Model reference, Model smaller, String source, int pictures, IntFunction<Image> picture) {
        Difference[] differences = new Difference[pictures];
        int workers = Math.min(Runtime.getRuntime().availableProcessors(), pictures);
        IntStream.range(0, workers).parallel().forEach(worker -> {
            try (Classifier expected = reference.newClassifier();
                    Classifier actual = smaller.newClassifier()) {
                for (int i = worker; i < pictures; i += workers) {
                    Image image = picture.apply(i);
                    differences[i] = Difference.between(expected.logits(image), actual.logits(image));
                }
            }
        });
        int agreeing = 0;
        double signal = 0;
        double noise = 0;
        for (Difference difference : differences) {
            agreeing += difference.agreeing() ? 1 : 0;
            signal += difference.signal();
            noise += difference.noise();
        }
        return new Agreement(pictures, source, agreeing, decibels(signal, noise));
    }

    /** What one picture tells. */
    private record Difference(boolean agreeing, double signal, double noise) {
        static Difference between(float[] expected, float[] actual) {
            double expectedMean = mean(expected);
            double actualMean = mean(actual);
            double signal = 0;
            double noise = 0;
            for (int c = 0; c < expected.length; c++) {
                signal += Math.pow(expected[c] - expectedMean, 2);
                noise += Math.pow(expected[c] - expectedMean - actual[c] + actualMean, 2);
            }
            return new Difference(largest(expected) == largest(actual), signal, noise);
        }
    }

    private static double decibels(double signal, double noise) {
        return noise == 0 ? MAX_DECIBELS : bounded(10 * Math.log10(signal / noise));
    }

    /** Decibels as they are written down: from minus {@link #MAX_DECIBELS}, which no number is too, to that. */
    public static double bounded(double decibels) {
        return Double.isNaN(decibels) ? -MAX_DECIBELS : Math.max(-MAX_DECIBELS, Math.min(MAX_DECIBELS, decibels));
    }

    private static int largest(float[] logits) {
        int largest = 0;
        for (int c = 1; c < logits.length; c++) {
            largest = logits[c] > logits[largest] ? c : largest;
        }
        return largest;
    }

    private static double mean(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += logit;
        }
        return sum / logits.length;
    }

    /** The share of pictures with the same answer, 0 to 1. */
    public double share() {
        return (double) agreeing / pictures;
    }

    /** Whether the smaller model may stand for the larger one. */
    public boolean isClose() {
        return share() >= CLOSE_SHARE && signalToNoiseDecibels >= CLOSE_DECIBELS;
    }

    /**
     * Passes if something of the model is left.
     *
     * @throws GlintException ({@code GATE}) if too few answers are the same, or the difference is nearly as large as what is
     *     said
     */
    public void requireNoCollapse() {
        boolean unlike = share() < COLLAPSED_SHARE && signalToNoiseDecibels < CLEAR_DECIBELS;
        if (unlike || signalToNoiseDecibels < COLLAPSED_DECIBELS) {
            throw collapsed(String.format(
                    Locale.ROOT,
                    "at least %.0f %% of them and %.0f dB, or %.0f dB",
                    100 * COLLAPSED_SHARE,
                    COLLAPSED_DECIBELS,
                    CLEAR_DECIBELS));
        }
    }

    /**
     * Passes if the ranges of the smaller model hold pictures of noise, which have no class.
     *
     * @throws GlintException ({@code GATE}) if they are too narrow
     */
    public void requireWideRanges() {
        if (signalToNoiseDecibels < WIDE_DECIBELS) {
            throw collapsed(String.format(Locale.ROOT, "at least %.0f dB", WIDE_DECIBELS));
        }
    }

    private GlintException collapsed(String expected) {
        return GlintException.failure(
                Reason.GATE,
                "an int8 model that " + this,
                expected,
                "calibrate with more pictures of the kind that the model will see; nothing was written");
    }

    /** {@code gives 98 of 100 answers of fp32, 31.2 dB above the noise, on held-out pictures}. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "gives %d of %d answers of fp32, %.1f dB above the noise, on %s",
                agreeing,
                pictures,
                signalToNoiseDecibels,
                source);
    }
}
