package dev.glint.runtime.drift;

import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Prediction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Counts what pictures are like, as a {@link DriftProfile} says. Safe for use by several threads. */
public final class DriftMonitor {
    private static final double LOG_2 = StrictMath.log(2);
    private static final int BINS_PER_OCTAVE = 4;
    private static final int LEVELS_PER_BIN = 256 / DriftProfile.BINS;

    private final long[] topProbability = new long[DriftProfile.BINS];
    private final long[] entropy = new long[DriftProfile.BINS];
    private final OutputKind output;
    private final long[] classes;
    private final long[][] channelMeans;

    /** Begins with no pictures. */
    public DriftMonitor(PreprocessContract contract) {
        this.output = contract.output();
        this.classes = new long[contract.labels().size()];
        this.channelMeans = new long[contract.channels()][DriftProfile.BINS];
    }

    /**
     * Classifies a picture and counts it.
     *
     * @return the logits, one per label, or the probabilities, as {@link Classifier#logits(Image)}
     * @throws dev.glint.runtime.failure.GlintException as {@link Classifier#logits(Image)}; such a picture is not counted
     */
    public float[] classify(Classifier classifier, Image picture) {
        Image[] seen = new Image[1];
        float[] logits = classifier.logits(picture, pixels -> seen[0] = pixels);
        observe(logits, seen[0]);
        return logits;
    }

    /**
     * Counts a picture that was classified.
     *
     * @param logits one per label; probabilities, where the contract says so
     * @param pixels what the model saw: {@link dev.glint.runtime.contract.Preprocessor#toPixels}
     */
    public void observe(float[] logits, Image pixels) {
        if (logits.length != classes.length || pixels.mode().channels() != channelMeans.length) {
            throw new IllegalArgumentException(logits.length + " logits, " + pixels.mode());
        }
        double[] probabilities = Prediction.probabilities(output, logits);
        int top = 0;
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double p = probabilities[i];
            top = p > probabilities[top] ? i : top;
            sum -= p > 0 ? p * StrictMath.log(p) : 0;
        }
        double largest = StrictMath.log(probabilities.length);
        int[] means = means(pixels);
        synchronized (this) {
            topProbability[octaveBin(1 - probabilities[top])]++;
            entropy[octaveBin(largest == 0 ? 0 : sum / largest)]++;
            classes[top]++;
            for (int c = 0; c < means.length; c++) {
                channelMeans[c][means[c]]++;
            }
        }
    }

    /** Bins of a value from 1 down to 0 on a logarithmic scale; the last takes what is smaller. */
    private static int octaveBin(double value) {
        if (value <= 0) {
            return DriftProfile.BINS - 1;
        }
        double bin = -BINS_PER_OCTAVE * StrictMath.log(value) / LOG_2;
        return (int) Math.max(0, Math.min(DriftProfile.BINS - 1, bin));
    }

    private static int[] means(Image pixels) {
        byte[] samples = pixels.samples();
        int channels = pixels.mode().channels();
        long[] sums = new long[channels];
        for (int i = 0; i < samples.length; i++) {
            sums[i % channels] += samples[i] & 0xff;
        }
        long plane = samples.length / channels;
        return Arrays.stream(sums)
                .mapToInt(sum -> (int) (sum / plane) / LEVELS_PER_BIN)
                .toArray();
    }

    /** What was counted so far. */
    public synchronized DriftProfile profile() {
        List<Histogram> means = new ArrayList<>();
        for (long[] channel : channelMeans) {
            means.add(histogram(channel));
        }
        return new DriftProfile(histogram(topProbability), histogram(entropy), histogram(classes), means);
    }

    /** What was counted so far, and begins anew: for who adds it up elsewhere. */
    public synchronized DriftProfile take() {
        DriftProfile profile = profile();
        Arrays.fill(topProbability, 0);
        Arrays.fill(entropy, 0);
        Arrays.fill(classes, 0);
        for (long[] channel : channelMeans) {
            Arrays.fill(channel, 0);
        }
        return profile;
    }

    private static Histogram histogram(long[] counts) {
        return new Histogram(Arrays.stream(counts).boxed().toList());
    }
}
