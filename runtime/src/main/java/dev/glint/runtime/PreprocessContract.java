package dev.glint.runtime;

import java.util.List;
import java.util.Objects;

/**
 * Everything that is decided about a picture between its decoding and the model's input tensor. Written by the
 * trainer, carried inside each ONNX file under {@link #METADATA_KEY}, executed by {@link Preprocessor} alone.
 *
 * @param colorSpace the channels of the tensor
 * @param alpha what becomes of transparency
 * @param orientation what becomes of the EXIF orientation tag
 * @param sixteenBit how 16-bit samples become 8-bit ones
 * @param steps the geometric steps, in order; the last one leaves {@code width x height} pixels
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

    /** The channels of the tensor. */
    public enum ColorSpace {
        RGB(Image.Mode.RGB),
        /** Luminance as Pillow computes it: (19595 R + 38470 G + 7471 B + 32768) / 65536. */
        GRAY(Image.Mode.GRAY);

        private final Image.Mode mode;

        ColorSpace(Image.Mode mode) {
            this.mode = mode;
        }

        /** The mode of a picture in this colour space. */
        public Image.Mode mode() {
            return mode;
        }
    }

    /** What becomes of the alpha channel. */
    public sealed interface AlphaRule {
        /** Alpha is forgotten and the colours stay as stored, as Pillow's {@code convert("RGB")} does. */
        record Drop() implements AlphaRule {}

        /** The picture is laid over one colour, components 0 to 255, rounded as Pillow's {@code paste} with a mask. */
        record CompositeOver(int red, int green, int blue) implements AlphaRule {
            public CompositeOver {
                requireColor(red, green, blue);
            }
        }
    }

    /** What becomes of the EXIF orientation tag. */
    public enum OrientationRule {
        /** The picture is turned upright. */
        APPLY,
        /** The samples stay as stored. */
        IGNORE
    }

    /** How 16-bit samples become 8-bit ones. */
    public enum SixteenBitRule {
        /**
         * What Pillow's {@code convert("RGB")} does: colour and gray with alpha keep the high byte, gray is clipped at
         * 255. (In PNM files, whose samples have any maximum, colour is scaled to 0 to 255.)
         */
        AS_PILLOW,
        /** The high byte, colour or gray. */
        HIGH_BYTE
    }

    /** A step that changes the size of a picture. */
    public sealed interface GeometricStep {
        /**
         * The shorter side becomes {@code size}, the longer one {@code (int) (size * longer / shorter)}, as
         * torchvision's {@code Resize(size)}.
         */
        record ResizeShorterSide(int size, Interpolation interpolation) implements GeometricStep {
            public ResizeShorterSide {
                requireSize(size, size);
                Objects.requireNonNull(interpolation);
            }
        }

        /** Exactly {@code width x height}, whatever the aspect ratio. */
        record ResizeExact(int width, int height, Interpolation interpolation) implements GeometricStep {
            public ResizeExact {
                requireSize(width, height);
                Objects.requireNonNull(interpolation);
            }
        }

        /**
         * The middle {@code width x height} pixels; the offset rounds half to even and a picture that is too small is
         * padded with 0 first, as torchvision's {@code CenterCrop}.
         */
        record CenterCrop(int width, int height) implements GeometricStep {
            public CenterCrop {
                requireSize(width, height);
            }
        }

        /**
         * The whole picture, its aspect ratio kept, as large as {@code width x height} allows, in the middle of that many
         * pixels of one colour, as Pillow's {@code ImageOps.pad}; a side that would round to 0 becomes 1. Components 0 to
         * 255; a gray picture is padded with their luminance.
         */
        record Fit(int width, int height, Interpolation interpolation, int red, int green, int blue)
                implements GeometricStep {
            public Fit {
                requireSize(width, height);
                Objects.requireNonNull(interpolation);
                requireColor(red, green, blue);
            }
        }
    }

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
        requireSize(width, height);
        int channels = colorSpace.mode().channels();
        require(mean.size() == channels && std.size() == channels, "mean and std need a value per channel");
        require(std.stream().allMatch(s -> s.floatValue() > 0 && Double.isFinite(s)), "std must be positive");
        require(mean.stream().allMatch(Double::isFinite) && Double.isFinite(scale) && scale > 0, "finite numbers only");
        require(!inputName.isEmpty(), "the input needs a name");
        require(!labels.isEmpty() && labels.stream().distinct().count() == labels.size(), "labels must be unique");
        require(
                !steps.isEmpty() && endsAt(steps.get(steps.size() - 1), width, height),
                "the last step must leave " + width + "x" + height + " pixels");
    }

    /** Channels of the tensor: 1 or 3. */
    public int channels() {
        return colorSpace.mode().channels();
    }

    /** Values of one picture's tensor: channels x height x width. */
    public int tensorSize() {
        return channels() * height * width;
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

    private static boolean endsAt(GeometricStep last, int width, int height) {
        if (last instanceof GeometricStep.ResizeExact exact) {
            return exact.width() == width && exact.height() == height;
        }
        if (last instanceof GeometricStep.Fit fit) {
            return fit.width() == width && fit.height() == height;
        }
        return last instanceof GeometricStep.CenterCrop crop && crop.width() == width && crop.height() == height;
    }

    private static void requireSize(int width, int height) {
        require(width >= 1 && height >= 1 && width <= 16_384 && height <= 16_384, "a size of " + width + "x" + height);
    }

    private static void requireColor(int red, int green, int blue) {
        require(((red | green | blue) & ~0xff) == 0, "a colour of " + red + ", " + green + ", " + blue);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
