package dev.glint.runtime.drift;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What some pictures were like for a model. A model carries that of the pictures it was tested or calibrated with under {@link
 * #METADATA_KEY}; a device counts its own, with a {@link DriftMonitor}.
 *
 * @param topProbability of the most probable class p, in {@value #BINS} bins of {@code -log2(1 - p)}, a quarter wide each
 * @param entropy of the probabilities, divided by the largest that so many classes can have: h, in {@value #BINS} bins of
 *     {@code -log2(h)}, a quarter wide each
 * @param classes how often each class was the most probable one
 * @param channelMeans for each channel the mean of the 8-bit pixels that the model saw, in {@value #BINS} bins, four wide each
 */
public record DriftProfile(
        Histogram topProbability, Histogram entropy, Histogram classes, List<Histogram> channelMeans) {
    /** The key of the JSON form in an ONNX file's metadata. */
    public static final String METADATA_KEY = "glint.drift";

    static final int BINS = 64;

    public DriftProfile {
        channelMeans = List.copyOf(channelMeans);
        long pictures = classes.total();
        requireSize(topProbability, pictures);
        requireSize(entropy, pictures);
        channelMeans.forEach(channel -> requireSize(channel, pictures));
        if (classes.counts().isEmpty() || channelMeans.isEmpty()) {
            throw new IllegalArgumentException("no classes or no channels");
        }
    }

    private static void requireSize(Histogram histogram, long pictures) {
        if (histogram.counts().size() != BINS || histogram.total() != pictures) {
            throw new IllegalArgumentException(
                    histogram.counts().size() + " bins with " + histogram.total() + " of " + pictures + " pictures");
        }
    }

    /** That of no pictures. */
    public static DriftProfile empty(int labels, int channels) {
        Histogram none = Histogram.empty(BINS);
        return new DriftProfile(none, none, Histogram.empty(labels), Collections.nCopies(channels, none));
    }

    /**
     * Classifies pictures and returns what they were like.
     *
     * @param picture gives each of them, from 0 to {@code count - 1}
     */
    public static DriftProfile measure(Classifier classifier, int count, IntFunction<Image> picture) {
        DriftMonitor monitor = new DriftMonitor(classifier.contract());
        for (int i = 0; i < count; i++) {
            monitor.classify(classifier, picture.apply(i));
        }
        return monitor.profile();
    }

    /**
     * What a model file carries.
     *
     * @throws GlintException ({@code MODEL}) naming the file if it carries none, or one that is broken or does not fit the
     *     contract
     */
    public static DriftProfile carriedBy(ModelFile model) {
        PreprocessContract contract = model.contract();
        try {
            String json = model.onnx()
                    .metadata(METADATA_KEY)
                    .orElseThrow(() -> GlintException.failure(
                            Reason.MODEL,
                            "a model without a drift baseline",
                            "the metadata key " + METADATA_KEY,
                            "export or quantise it again, with pictures"));
            DriftProfile profile = DriftJson.readBaseline(json);
            if (!profile.fits(contract.labels().size(), contract.channels())) {
                throw GlintException.failure(
                        Reason.MODEL,
                        "a drift baseline of " + profile.classes().counts().size() + " classes and "
                                + profile.channelMeans().size() + " channels",
                        contract.labels().size() + " and " + contract.channels(),
                        "export or quantise it again");
            }
            return profile;
        } catch (GlintException e) {
            throw e.about(model.file());
        }
    }

    /** How many pictures there were. */
    public long pictures() {
        return classes.total();
    }

    /** The JSON form for {@link #METADATA_KEY}. */
    public String toJson() {
        return DriftJson.baseline(this);
    }

    boolean fits(int labels, int channels) {
        return classes.counts().size() == labels && channelMeans.size() == channels;
    }

    /** The pictures of both, of one model. */
    public DriftProfile plus(DriftProfile other) {
        if (!other.fits(classes.counts().size(), channelMeans.size())) {
            throw new IllegalArgumentException("profiles of different models");
        }
        List<Histogram> means = new ArrayList<>();
        for (int c = 0; c < channelMeans.size(); c++) {
            means.add(channelMeans.get(c).plus(other.channelMeans.get(c)));
        }
        return new DriftProfile(
                topProbability.plus(other.topProbability),
                entropy.plus(other.entropy),
                classes.plus(other.classes),
                means);
    }
}
