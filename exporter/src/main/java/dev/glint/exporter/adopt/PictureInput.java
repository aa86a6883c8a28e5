package dev.glint.exporter.adopt;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Size;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a file says of the input that takes its pictures.
 *
 * @param name the input's name
 * @param type of its elements
 * @param layout the order of its dimensions
 * @param channels C, 1 or 3
 * @param height H; empty where the file leaves it free
 * @param width W; empty where the file leaves it free
 */
public record PictureInput(
        String name, ElementType type, Layout layout, int channels, OptionalLong height, OptionalLong width) {
    private static final Set<ElementType> TYPES =
            Set.of(ElementType.FLOAT, ElementType.FLOAT16, ElementType.DOUBLE, ElementType.UINT8);

    /**
     * Reads it.
     *
     * @param inputs those of the file
     * @param stated what the user says of the order of dimensions, which the file may leave open
     * @throws GlintException ({@code MODEL}) if the file does not take one batch of gray or coloured pictures, ({@code USAGE}) if
     *     the order of dimensions is open, or another than the user says
     */
    public static PictureInput read(List<ValueInfo> inputs, Optional<Layout> stated, Optional<ColorSpace> color) {
        if (inputs.size() != 1) {
            throw unsuitable(
                    inputs.size() + " inputs, "
                            + String.join(
                                    " and ",
                                    inputs.stream().map(PictureInput::text).toList()),
                    "one, which takes pictures",
                    "export the part of the network that needs nothing but pictures");
        }
        ValueInfo input = inputs.get(0);
        List<Dimension> shape = input.shape();
        if (shape == null || shape.size() != 4 || !TYPES.contains(input.type()) || !canBe(shape.get(0), 1, 1)) {
            throw unsuitable(
                    "the input " + text(input),
                    "one of floats or bytes, (N, C, H, W) or (N, H, W, C), where N can be 1",
                    "export the network for pictures of its own");
        }
        Layout layout = layout(input, shape, stated, color);
        OptionalLong channels = fixed(shape.get(layout == Layout.NCHW ? 1 : 3));
        int rows = layout == Layout.NCHW ? 2 : 1;
        if (!canBe(shape.get(rows), 1, GeometricStep.MAX_SIDE)
                || !canBe(shape.get(rows + 1), 1, GeometricStep.MAX_SIDE)) {
            throw unsuitable(
                    "the input " + text(input),
                    "pictures of 1 to " + GeometricStep.MAX_SIDE + " pixels a side",
                    "export a network for such pictures");
        }
        return new PictureInput(
                input.name(),
                input.type(),
                layout,
                channels.isPresent()
                        ? (int) channels.getAsLong()
                        : color.orElseThrow().mode().channels(),
                fixed(shape.get(rows)),
                fixed(shape.get(rows + 1)));
    }

    /** Whether a dimension is free, or fixed within bounds. */
    private static boolean canBe(Dimension dimension, long least, long most) {
        OptionalLong size = fixed(dimension);
        return size.isEmpty() || size.getAsLong() >= least && size.getAsLong() <= most;
    }

    private static Layout layout(
            ValueInfo input, List<Dimension> shape, Optional<Layout> stated, Optional<ColorSpace> color) {
        boolean planes = canBeChannels(shape.get(1), color);
        boolean pixels = canBeChannels(shape.get(3), color);
        if (!planes && !pixels) {
            throw unsuitable(
                    "the input " + text(input),
                    color.map(known -> "pictures that are " + known.name().toLowerCase(Locale.ROOT)
                                    + ", as --color or the preset says")
                            .orElse("1 or 3 channels, of gray or coloured pictures"),
                    "correct that, or export a network that takes pictures");
        }
        if (stated.isPresent()) {
            if (stated.get() == Layout.NCHW ? !planes : !pixels) {
                throw GlintException.failure(
                                Reason.USAGE,
                                stated.get().name().toLowerCase(Locale.ROOT),
                                "the order of the dimensions of " + text(input),
                                "leave the option out")
                        .about("--layout");
            }
            return stated.get();
        }
        boolean fixedPlanes = planes && fixed(shape.get(1)).isPresent();
        boolean fixedPixels = pixels && fixed(shape.get(3)).isPresent();
        if (planes && pixels && fixedPlanes == fixedPixels) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "no --layout, and an input " + text(input) + " whose dimensions leave it open",
                            "nchw or nhwc",
                            "add --layout")
                    .about("the order of dimensions");
        }
        // A free side may be as long as channels are many, but nobody means that.
        return planes && (!pixels || fixedPlanes) ? Layout.NCHW : Layout.NHWC;
    }

    private static boolean canBeChannels(Dimension dimension, Optional<ColorSpace> color) {
        OptionalLong size = fixed(dimension);
        if (color.isPresent()) {
            return size.isEmpty() || size.getAsLong() == color.get().mode().channels();
        }
        return size.isPresent() && (size.getAsLong() == 1 || size.getAsLong() == 3);
    }

    private static OptionalLong fixed(Dimension dimension) {
        return dimension instanceof Dimension.Fixed known ? OptionalLong.of(known.size()) : OptionalLong.empty();
    }

    /** The size of its pictures, if the file fixes it. */
    Optional<Size> size() {
        return height.isPresent() && width.isPresent()
                ? Optional.of(new Size(Math.toIntExact(width.getAsLong()), Math.toIntExact(height.getAsLong())))
                : Optional.empty();
    }

    /** Whether the file takes pictures of a size. */
    boolean takes(Size size) {
        return (width.isEmpty() || width.getAsLong() == size.width())
                && (height.isEmpty() || height.getAsLong() == size.height());
    }

    /** {@code 224x224 pixels of FLOAT}. */
    String text() {
        return text(width) + "x" + text(height) + " pixels of " + type;
    }

    private static String text(OptionalLong size) {
        return size.isPresent() ? Long.toString(size.getAsLong()) : "?";
    }

    private static String text(ValueInfo value) {
        return value.name() + " " + value.type() + (value.shape() == null ? " of no stated shape" : value.shape());
    }

    private static GlintException unsuitable(String found, String expected, String remedy) {
        return GlintException.failure(Reason.MODEL, found, expected, remedy);
    }
}
