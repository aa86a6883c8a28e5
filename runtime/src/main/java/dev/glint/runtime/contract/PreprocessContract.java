package dev.glint.runtime.contract;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.image.Size;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is decided about a picture between its decoding and the model's input tensor. Written by the
 * trainer, carried inside each ONNX file under {@link #METADATA_KEY}, executed by {@link Preprocessor} alone.
 *
 * @param colorSpace the channels of the tensor
 * @param alpha what becomes of transparency
 * @param orientation what becomes of the EXIF orientation tag
 * @param sixteenBit how 16-bit samples become 8-bit ones
 * @param steps the geometric steps, in order; the last one leaves {@code width x height} pixels, at most 40 million
 * @param scale what an 8-bit sample is multiplied with, mostly 1/255
 * @param mean subtracted from the scaled sample, one per channel
 * @param std what the difference is divided by, one per channel, positive
 * @param width columns of the tensor
 * @param height rows of the tensor
 * @param inputName the name of the model's input, of shape (N, {@link #channels()}, height, width)
 * @param labels the names of the classes, in the order of the model's logits; unique
 */
public record PreprocessContract(
        ColorSpace colorSpace,
        AlphaRule alpha,
        OrientationRule orientation,
        SixteenBitRule sixteenBit,
        List<GeometricStep> steps,
        double scale,
        List<Double> mean,
        List<Double> std,
        int width,
        int height,
        String inputName,
        List<String> labels) {

    /** The version of the JSON form that this build writes and reads. */
    public static final int SCHEMA_VERSION = 1;

    /** The key of the contract's JSON form in an ONNX file's metadata. */
    public static final String METADATA_KEY = "glint.contract";

    public PreprocessContract {
        Objects.requireNonNull(colorSpace);
        Objects.requireNonNull(alpha);
        Objects.requireNonNull(orientation);
        Objects.requireNonNull(sixteenBit);
        Objects.requireNonNull(inputName);
        steps = List.copyOf(steps);
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        labels = List.copyOf(labels);
        int channels = colorSpace.mode().channels();
        require(mean.size() == channels && std.size() == channels, "mean and std need a value per channel");
        require(std.stream().allMatch(s -> s.floatValue() > 0 && Double.isFinite(s)), "std must be positive");
        require(mean.stream().allMatch(Double::isFinite) && Double.isFinite(scale) && scale > 0, "finite numbers only");
        require(!inputName.isEmpty(), "the input needs a name");
        require(!labels.isEmpty() && labels.stream().distinct().count() == labels.size(), "labels must be unique");
        require(
                !steps.isEmpty()
                        && steps.get(steps.size() - 1)
                                .outputSize()
                                .filter(new Size(width, height)::equals)
                                .isPresent(),
                "the last step must leave " + width + "x" + height + " pixels");
    }

    /** Channels of the tensor: 1 or 3. */
    public int channels() {
        return colorSpace.mode().channels();
    }

    /** Values of one picture's tensor: channels x height x width, at most 3 x {@link GeometricStep#MAX_PIXELS}. */
    public int tensorSize() {
        return channels() * height * width;
    }

    /** How pictures are decoded for this contract: strict, default limits. */
    public DecodeOptions decodeOptions() {
        return new DecodeOptions(sixteenBit, false, DecodeLimits.defaults());
    }

    /** The versioned JSON form, on one line, with the fields in a fixed order. */
    public String toJson() {
        return ContractJson.write(this);
    }

    /**
     * Reads the JSON form.
     *
     * @throws GlintException ({@code MODEL}) if it is no JSON, of another schema version, or incomplete
     */
    public static PreprocessContract fromJson(String json) {
        return ContractJson.read(json);
    }

    /**
     * Reads the contract that a model carries in its metadata, if it has one.
     *
     * @param metadata gives the value of a metadata key, null where the model has none
     * @throws GlintException ({@code MODEL}) if it cannot be read
     */
    public static Optional<PreprocessContract> findInMetadata(Function<String, @Nullable String> metadata) {
        return Optional.ofNullable(metadata.apply(METADATA_KEY)).map(PreprocessContract::fromJson);
    }

    /**
     * Reads the contract that a model carries in its metadata.
     *
     * @param metadata gives the value of a metadata key, null where the model has none
     * @throws GlintException ({@code MODEL}) if there is none or it cannot be read
     */
    public static PreprocessContract fromMetadata(Function<String, @Nullable String> metadata) {
        return findInMetadata(metadata)
                .orElseThrow(() -> GlintException.failure(
                        Reason.MODEL,
                        "a model without a preprocessing contract",
                        "the metadata key " + METADATA_KEY,
                        "write the model with exporter export"));
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
