package dev.glint.runtime.contract;

import com.google.gson.JsonObject;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Pixels;
import dev.glint.runtime.image.Resampler;
import dev.glint.runtime.image.Size;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A step of a contract that changes the size of a picture. Each knows what it does to pixels, what it leaves, what it
 * becomes for a model of another size, and its JSON form: a new one is written here and nowhere else.
 */
public sealed interface GeometricStep {

    /** A side of the tensor or of a picture on the way to it is at most this long. */
    int MAX_SIDE = 16_384;

    /** Nor has either more pixels than a picture that is decoded by default. */
    long MAX_PIXELS = DecodeLimits.defaults().pixels();

    /**
     * Does the step.
     *
     * @param image a gray or RGB picture
     * @throws dev.glint.runtime.failure.GlintException ({@code LIMIT}) if the result would have more than 40 megapixels
     */
    Image apply(Image image);

    /** The size that it leaves whatever the picture's is; empty if it depends on the picture. */
    default Optional<Size> outputSize() {
        return Optional.empty();
    }

    /** How it weighs pixels; empty if it only moves them. */
    default Optional<Interpolation> interpolationMode() {
        return Optional.empty();
    }

    /**
     * The same step for a model whose square input has another side.
     *
     * @param side rows and columns of the input
     * @param factor the side divided by the shorter side that the input had
     */
    GeometricStep scaledTo(int side, double factor);

    /** The size that it resizes a picture to; empty if it only moves pixels. */
    default Optional<Size> resizedSize(Size picture) {
        return Optional.empty();
    }

    /** The first version of the contract's JSON form that has it. */
    default int schema() {
        return 1;
    }

    /** Its JSON form, beginning with the field {@code step}. */
    JsonObject toJson();

    /**
     * Reads the JSON form.
     *
     * @throws IllegalArgumentException if it is of no known step, incomplete or out of range
     */
    static GeometricStep fromJson(JsonObject json) {
        String name = JsonFields.text(json, "step");
        return switch (name) {
            case ResizeShorterSide.NAME ->
                new ResizeShorterSide(JsonFields.integer(json, "size"), JsonFields.interpolation(json));
            case ResizeExact.NAME ->
                new ResizeExact(
                        JsonFields.integer(json, "width"),
                        JsonFields.integer(json, "height"),
                        JsonFields.interpolation(json));
            case ResizeLongerSide.NAME ->
                new ResizeLongerSide(JsonFields.integer(json, "size"), JsonFields.interpolation(json));
            case CenterCrop.NAME ->
                new CenterCrop(JsonFields.integer(json, "width"), JsonFields.integer(json, "height"));
            case Fit.NAME -> {
                int[] color = JsonFields.color(json);
                yield new Fit(
                        JsonFields.integer(json, "width"),
                        JsonFields.integer(json, "height"),
                        JsonFields.interpolation(json),
                        color[0],
                        color[1],
                        color[2]);
            }
            case Pad.NAME -> {
                int[] color = JsonFields.color(json);
                yield new Pad(
                        JsonFields.integer(json, "width"),
                        JsonFields.integer(json, "height"),
                        JsonFields.constant(Placement.class, json, "placement"),
                        color[0],
                        color[1],
                        color[2]);
            }
            default -> throw new IllegalArgumentException("step " + name);
        };
    }

    /**
     * The shorter side becomes {@code size}, the longer one {@code (int) (size * longer / shorter)}, as
     * torchvision's {@code Resize(size)}. A strip of a few pixels' height would become gigantic: {@link #MAX_PIXELS} holds
     * for what a picture becomes, too.
     */
    record ResizeShorterSide(int size, Interpolation interpolation) implements GeometricStep {
        private static final String NAME = "resize-shorter-side";

        public ResizeShorterSide {
            requireSize(size, size);
            Objects.requireNonNull(interpolation);
        }

        @Override
        public Image apply(Image image) {
            Size size = size(image.width(), image.height());
            if ((long) size.width() * size.height() > MAX_PIXELS) {
                throw DecodeLimits.exceeded(
                        "a picture of " + image.width() + "x" + image.height() + ", to be resized to " + size.width()
                                + "x" + size.height(),
                        "at most " + MAX_PIXELS + " pixels then");
            }
            return Resampler.resize(image, size.width(), size.height(), interpolation);
        }

        private Size size(int width, int height) {
            int shorter = Math.min(width, height);
            int longer = Math.max(width, height);
            int longSide = (int) Math.min(Integer.MAX_VALUE, (long) size * longer / shorter);
            return width <= height ? new Size(size, longSide) : new Size(longSide, size);
        }

        @Override
        public Optional<Size> resizedSize(Size picture) {
            return Optional.of(size(picture.width(), picture.height()));
        }

        @Override
        public Optional<Interpolation> interpolationMode() {
            return Optional.of(interpolation);
        }

        @Override
        public GeometricStep scaledTo(int side, double factor) {
            return new ResizeShorterSide((int) Math.rint(size * factor), interpolation);
        }

        @Override
        public JsonObject toJson() {
            JsonObject json = JsonFields.step(NAME);
            json.addProperty("size", size);
            json.addProperty("interpolation", JsonFields.name(interpolation));
            return json;
        }
    }

    /** Exactly {@code width x height}, whatever the aspect ratio. */
    record ResizeExact(int width, int height, Interpolation interpolation) implements GeometricStep {
        private static final String NAME = "resize-exact";

        public ResizeExact {
            requireSize(width, height);
            Objects.requireNonNull(interpolation);
        }

        @Override
        public Image apply(Image image) {
            return Resampler.resize(image, width, height, interpolation);
        }

        @Override
        public Optional<Size> outputSize() {
            return Optional.of(new Size(width, height));
        }

        @Override
        public Optional<Size> resizedSize(Size picture) {
            return outputSize();
        }

        @Override
        public Optional<Interpolation> interpolationMode() {
            return Optional.of(interpolation);
        }

        @Override
        public GeometricStep scaledTo(int side, double factor) {
            return new ResizeExact(side, side, interpolation);
        }

        @Override
        public JsonObject toJson() {
            JsonObject json = JsonFields.step(NAME, width, height);
            json.addProperty("interpolation", JsonFields.name(interpolation));
            return json;
        }
    }

    /**
     * The longer side becomes {@code size} and the aspect ratio is kept, as Pillow's {@code ImageOps.contain} keeps it: in
     * floating point and rounded half to even; a side that would round to 0 becomes 1. With {@link Pad} behind it, this is a
     * letterbox.
     */
    record ResizeLongerSide(int size, Interpolation interpolation) implements GeometricStep {
        private static final String NAME = "resize-longer-side";

        public ResizeLongerSide {
            requireSize(size, size);
            Objects.requireNonNull(interpolation);
        }

        @Override
        public Image apply(Image image) {
            Size contained = new Size(image.width(), image.height()).containedIn(size, size);
            return Resampler.resize(image, contained.width(), contained.height(), interpolation);
        }

        @Override
        public Optional<Size> resizedSize(Size picture) {
            return Optional.of(picture.containedIn(size, size));
        }

        @Override
        public Optional<Interpolation> interpolationMode() {
            return Optional.of(interpolation);
        }

        @Override
        public GeometricStep scaledTo(int side, double factor) {
            return new ResizeLongerSide((int) Math.rint(size * factor), interpolation);
        }

        @Override
        public int schema() {
            return 2;
        }

        @Override
        public JsonObject toJson() {
            JsonObject json = JsonFields.step(NAME);
            json.addProperty("size", size);
            json.addProperty("interpolation", JsonFields.name(interpolation));
            return json;
        }
    }

    /**
     * The middle {@code width x height} pixels; the offset rounds half to even and a picture that is too small is
     * padded with 0 first, as torchvision's {@code CenterCrop}.
     */
    record CenterCrop(int width, int height) implements GeometricStep {
        private static final String NAME = "center-crop";

        public CenterCrop {
            requireSize(width, height);
        }

        @Override
        public Image apply(Image image) {
            return Pixels.centerCrop(image, width, height);
        }

        @Override
        public Optional<Size> outputSize() {
            return Optional.of(new Size(width, height));
        }

        @Override
        public GeometricStep scaledTo(int side, double factor) {
            return new CenterCrop(side, side);
        }

        @Override
        public JsonObject toJson() {
            return JsonFields.step(NAME, width, height);
        }
    }

    /**
     * The whole picture, its aspect ratio kept, as large as {@code width x height} allows, in the middle of that many
     * pixels of one colour, as Pillow's {@code ImageOps.pad}; a side that would round to 0 becomes 1. Components 0 to
     * 255; a gray picture is padded with their luminance.
     */
    record Fit(int width, int height, Interpolation interpolation, int red, int green, int blue)
            implements GeometricStep {
        private static final String NAME = "fit";

        public Fit {
            requireSize(width, height);
            Objects.requireNonNull(interpolation);
            requireColor(red, green, blue);
        }

        @Override
        public Image apply(Image image) {
            Size fitted = new Size(image.width(), image.height()).containedIn(width, height);
            Image resized = Resampler.resize(image, fitted.width(), fitted.height(), interpolation);
            return Pixels.pad(resized, width, height, 0.5, red, green, blue);
        }

        @Override
        public Optional<Size> resizedSize(Size picture) {
            return Optional.of(picture.containedIn(width, height));
        }

        @Override
        public Optional<Size> outputSize() {
            return Optional.of(new Size(width, height));
        }

        @Override
        public Optional<Interpolation> interpolationMode() {
            return Optional.of(interpolation);
        }

        @Override
        public GeometricStep scaledTo(int side, double factor) {
            return new Fit(side, side, interpolation, red, green, blue);
        }

        @Override
        public JsonObject toJson() {
            JsonObject json = JsonFields.step(NAME, width, height);
            json.addProperty("interpolation", JsonFields.name(interpolation));
            json.add("color", JsonFields.numbers(List.of(red, green, blue)));
            return json;
        }
    }

    /**
     * The picture as it is, in a frame of {@code width x height} pixels of one colour: in its middle, or in its upper left
     * corner. The offset in the middle rounds half to even, as in Pillow's {@code ImageOps.pad}; of a picture that is larger
     * than the frame, as much as fits stays, by the same offset. Components 0 to 255; a gray picture is padded with their
     * luminance.
     */
    record Pad(int width, int height, Placement placement, int red, int green, int blue) implements GeometricStep {
        private static final String NAME = "pad";

        public Pad {
            requireSize(width, height);
            Objects.requireNonNull(placement);
            requireColor(red, green, blue);
        }

        @Override
        public Image apply(Image image) {
            return Pixels.pad(image, width, height, placement.centering(), red, green, blue);
        }

        @Override
        public Optional<Size> outputSize() {
            return Optional.of(new Size(width, height));
        }

        @Override
        public GeometricStep scaledTo(int side, double factor) {
            return new Pad(side, side, placement, red, green, blue);
        }

        @Override
        public int schema() {
            return 2;
        }

        @Override
        public JsonObject toJson() {
            JsonObject json = JsonFields.step(NAME, width, height);
            json.addProperty("placement", JsonFields.name(placement));
            json.add("color", JsonFields.numbers(List.of(red, green, blue)));
            return json;
        }
    }

    private static void requireColor(int red, int green, int blue) {
        if (((red | green | blue) & ~0xff) != 0) {
            throw new IllegalArgumentException("a colour of " + red + ", " + green + ", " + blue);
        }
    }

    private static void requireSize(int width, int height) {
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE) {
            throw new IllegalArgumentException("a size of " + width + "x" + height);
        }
        if ((long) width * height > MAX_PIXELS) {
            throw new IllegalArgumentException(
                    "a size of " + width + "x" + height + ", more than " + MAX_PIXELS + " pixels");
        }
    }
}
