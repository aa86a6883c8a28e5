package dev.glint.runtime.golden;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a model must make of a few pictures, on every machine. The exporter writes them into the model under {@link
 * #METADATA_KEY}; a device that would answer otherwise finds out by {@link #replay}.
 *
 * @param tolerance by how much a logit may be off at most: what another order of floating-point sums, and the integers that
 *     it tips from one step to the next, can do to this model
 * @param samples 1 to {@value #MAX_SAMPLES}, of at most {@value #MAX_PICTURE_BYTES} encoded bytes together
 */
public record GoldenSamples(double tolerance, List<GoldenSample> samples) {
    /** The key of the JSON form in an ONNX file's metadata. */
    public static final String METADATA_KEY = "glint.golden";

    /** How many samples a model may carry. */
    public static final int MAX_SAMPLES = 32;

    /** How many bytes their pictures may have together. */
    public static final int MAX_PICTURE_BYTES = 1 << 20;

    public GoldenSamples {
        samples = List.copyOf(samples);
        if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
            throw new IllegalArgumentException("a tolerance of " + tolerance);
        }
        if (samples.isEmpty() || samples.size() > MAX_SAMPLES) {
            throw new IllegalArgumentException(samples.size() + " samples");
        }
        long bytes =
                samples.stream().mapToLong(sample -> sample.picture().length).sum();
        if (bytes > MAX_PICTURE_BYTES) {
            throw new IllegalArgumentException("pictures of " + bytes + " bytes");
        }
    }

    /**
     * Reads those of a model file.
     *
     * @return empty if it carries none, as files of older builds
     * @throws GlintException ({@code MODEL}) naming the file if it or its samples cannot be read
     */
    public static Optional<GoldenSamples> read(Path model) {
        try {
            return ModelFile.content(model).metadata(METADATA_KEY).map(GoldenSamples::fromJson);
        } catch (GlintException e) {
            throw e.about(model);
        }
    }

    /**
     * Those of a model that was read.
     *
     * @return empty if it carries none
     * @throws GlintException ({@code MODEL}) naming the file if they are broken
     */
    public static Optional<GoldenSamples> carriedBy(ModelFile model) {
        try {
            return model.onnx().metadata(METADATA_KEY).map(GoldenSamples::fromJson);
        } catch (GlintException e) {
            throw e.about(model.file());
        }
    }

    /**
     * Reads the JSON form. Whatever it is, it costs no more than a few times its length.
     *
     * @throws GlintException ({@code MODEL}) if it is none, of another schema version, or beyond the limits
     */
    public static GoldenSamples fromJson(String json) {
        return GoldenJson.read(json);
    }

    /** The versioned JSON form, on one line, with the fields in a fixed order. */
    public String toJson() {
        return GoldenJson.write(this);
    }

    /**
     * Shows the pictures to a model.
     *
     * @param classifier of the model that carries these samples
     * @return what came of each, in their order
     * @throws GlintException ({@code MODEL}) if the model has another number of labels
     */
    public List<GoldenResult> replay(Classifier classifier) {
        int labels = classifier.contract().labels().size();
        List<GoldenResult> results = new ArrayList<>();
        for (GoldenSample sample : samples) {
            if (sample.logits().length != labels) {
                throw GlintException.failure(
                        Reason.MODEL,
                        "the golden sample " + sample.name() + " of " + sample.logits().length + " logits",
                        labels + ", one per label",
                        "write the model again with exporter export");
            }
            results.add(GoldenResult.replay(sample, tolerance, classifier));
        }
        return results;
    }
}
