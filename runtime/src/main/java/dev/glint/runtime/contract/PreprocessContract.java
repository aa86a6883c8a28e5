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
 * @param decode how much of a picture is decoded
 * @param colorSpace the channels of the tensor
 * @param alpha what becomes of transparency
 * @param orientation what becomes of the EXIF orientation tag
 * @param sixteenBit how 16-bit samples become 8-bit ones
 * @param steps the geometric steps, in order; the last one leaves {@code width x height} pixels, at most 40 million
 * @param scale what an 8-bit sample is multiplied with, mostly 1/255
 * @param mean subtracted from the scaled sample, one per channel, in the order of the channels
 * @param std what the difference is divided by, one per channel, positive
 * @param layout the order of the tensor's dimensions
 * @param elementType the element type of the tensor; samples that stay bytes are neither scaled nor normalized: scale 1, mean 0, std
 *     1
 * @param width columns of the tensor
 * @param height rows of the tensor
 * @param inputName the name of the model's input, of N times {@link #shape()} values
 * @param labels the names of the classes, in the order of the model's output; unique
 * @param output what the values of the model's output are
 */
public record PreprocessContract(
        DecodeRule decode,
        ColorSpace colorSpace,
        AlphaRule alpha,
        OrientationRule orientation,
        SixteenBitRule sixteenBit,
        List<GeometricStep> steps,
        double scale,
        List<Double> mean,
        List<Double> std,
        Layout layout,
        ElementType elementType,
        int width,
        int height,
        String inputName,
        List<String> labels,
        OutputKind output) {

    /**
     * The newest version of the JSON form that this build writes and reads. It reads the ones before, and writes the oldest that
     * can say what the contract says, so that devices with older builds read it, too.
     */
    public static final int SCHEMA_VERSION = 2;

    /** The key of the contract's JSON form in an ONNX file's metadata. */
    public static final String METADATA_KEY = "glint.contract";

    public PreprocessContract {
        Objects.requireNonNull(decode);
        Objects.requireNonNull(colorSpace);
        Objects.requireNonNull(alpha);
        Objects.requireNonNull(orientation);
        Objects.requireNonNull(sixteenBit);
        Objects.requireNonNull(layout);
        Objects.requireNonNull(elementType);
        Objects.requireNonNull(inputName);
        Objects.requireNonNull(output);
        steps = List.copyOf(steps);
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        labels = List.copyOf(labels);
        int channels = colorSpace.mode().channels();
        require(mean.size() == channels && std.size() == channels, "mean and std need a value per channel");
        require(std.stream().allMatch(s -> s.floatValue() > 0 && Double.isFinite(s)), "std must be positive");
        require(mean.stream().allMatch(Double::isFinite) && Double.isFinite(scale) && scale > 0, "finite numbers only");
        require(
                elementType != ElementType.UINT8
                        || scale == 1
                                && mean.stream().allMatch(m -> m == 0)
                                && std.stream().allMatch(s -> s == 1),
                "samples of 8 bits are not normalized: scale 1, mean 0, std 1");
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

    /** All pixels in, 32-bit floats of (N, C, H, W) to the model, logits out: what the first version of the schema says. */
    public PreprocessContract(
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
        this(
                DecodeRule.FULL,
                colorSpace,
                alpha,
                orientation,
                sixteenBit,
                steps,
                scale,
                mean,
                std,
                Layout.NCHW,
                ElementType.FLOAT32,
                width,
                height,
                inputName,
                labels,
                OutputKind.LOGITS);
    }

    /** The same contract where another rule says how much is decoded. */
    public PreprocessContract withDecode(DecodeRule rule) {
        return new PreprocessContract(
                rule,
                colorSpace,
                alpha,
                orientation,
                sixteenBit,
                steps,
                scale,
                mean,
                std,
                layout,
                elementType,
                width,
                height,
                inputName,
                labels,
                output);
    }

    /** The same contract for a model whose input has another name, and whose output is of a kind. */
    public PreprocessContract withModel(String input, OutputKind kind) {
        return new PreprocessContract(
                decode,
                colorSpace,
                alpha,
                orientation,
                sixteenBit,
                steps,
                scale,
                mean,
                std,
                layout,
                elementType,
                width,
                height,
                input,
                labels,
                kind);
    }

    /** The first version of the JSON form that can say what this contract says. */
    public int schema() {
        boolean first = decode == DecodeRule.FULL
                && colorSpace != ColorSpace.BGR
                && layout == Layout.NCHW
                && elementType == ElementType.FLOAT32
                && output == OutputKind.LOGITS
                && steps.stream().allMatch(step -> step.schema() == 1);
        return first ? 1 : 2;
    }

    /** The dimensions of one picture's tensor in the order of the layout: (C, H, W) or (H, W, C). */
    public List<Integer> shape() {
        return layout.shape(channels(), height, width);
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
        return decodeOptions(steps.get(0));
    }

    /** How pictures are decoded that go through another step first than this contract's. */
    public DecodeOptions decodeOptions(GeometricStep firstStep) {
        return new DecodeOptions(
                sixteenBit,
                false,
                DecodeLimits.defaults(),
                decode == DecodeRule.SCALED ? new ResizeTarget(firstStep, orientation) : null);
    }

    /** The JSON form in the version {@link #schema()}, on one line, with the fields in a fixed order. */
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
