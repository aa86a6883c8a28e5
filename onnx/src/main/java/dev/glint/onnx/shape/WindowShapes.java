package dev.glint.onnx.shape;

import dev.glint.onnx.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Shapes of what slides a window over a feature map (N, C, H, W), or over one of other ranks. */
final class WindowShapes {
    /** N and C. */
    private static final int LEADING = 2;

    private WindowShapes() {}

    static List<Size> convolution(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        List<Size> weight = operands.shape(1);
        requireRanks(input, weight);
        List<Long> kernel = weight.subList(LEADING, weight.size()).stream()
                .map(Size::number)
                .toList();
        return slid(node, input, weight.get(0), kernel);
    }

    static List<Size> pooled(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        List<Long> kernel = node.integers("kernel_shape").orElseThrow(() -> new IllegalArgumentException("no window"));
        return slid(node, input, input.get(1), kernel);
    }

    private static List<Size> slid(Node node, List<Size> input, Size channels, List<Long> kernel) {
        List<Size> output = new ArrayList<>(List.of(input.get(0), channels));
        int axes = input.size() - LEADING;
        List<Long> pads = node.integers("pads").orElse(Collections.nCopies(2 * axes, 0L));
        List<Long> strides = node.integers("strides").orElse(Collections.nCopies(axes, 1L));
        List<Long> dilations = node.integers("dilations").orElse(Collections.nCopies(axes, 1L));
        String autoPad = node.text("auto_pad", "NOTSET");
        boolean ceil = node.integer("ceil_mode", 0) != 0;
        for (int i = 0; i < axes; i++) {
            long size = input.get(LEADING + i).number();
            long stride = positive(strides.get(i));
            long window = positive(dilations.get(i)) * (positive(kernel.get(i)) - 1) + 1;
            if (autoPad.startsWith("SAME")) {
                output.add(Size.fixed((size + stride - 1) / stride));
                continue;
            }
            boolean padded = autoPad.equals("NOTSET");
            long before = padded ? pads.get(i) : 0;
            long room = size + before + (padded ? pads.get(axes + i) : 0) - window;
            if (room < 0) {
                throw new IllegalArgumentException("a window larger than its input");
            }
            long steps = (ceil ? room + stride - 1 : room) / stride;
            // A window that would begin behind the input and its padding in front is left out.
            boolean outside = ceil && steps * stride >= size + before;
            output.add(Size.fixed(outside ? steps : steps + 1));
        }
        return output;
    }

    private static long positive(long value) {
        if (value <= 0 || value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a window of " + value);
        }
        return value;
    }

    static List<Size> transposedConvolution(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        List<Size> weight = operands.shape(1);
        requireRanks(input, weight);
        if (node.attributes().containsKey("output_shape")
                || !node.text("auto_pad", "NOTSET").equals("NOTSET")) {
            throw new IllegalArgumentException("a stated output");
        }
        int axes = input.size() - LEADING;
        List<Long> pads = node.integers("pads").orElse(Collections.nCopies(2 * axes, 0L));
        List<Long> strides = node.integers("strides").orElse(Collections.nCopies(axes, 1L));
        List<Long> dilations = node.integers("dilations").orElse(Collections.nCopies(axes, 1L));
        List<Long> more = node.integers("output_padding").orElse(Collections.nCopies(axes, 0L));
        Size channels = weight.get(1).times(Size.fixed(node.integer("group", 1)));
        List<Size> output = new ArrayList<>(List.of(input.get(0), channels));
        for (int i = 0; i < axes; i++) {
            long window = dilations.get(i) * (weight.get(LEADING + i).number() - 1) + 1;
            long size =
                    Math.multiplyExact(strides.get(i), input.get(LEADING + i).number() - 1);
            output.add(Size.fixed(Math.addExact(size, more.get(i) + window - pads.get(i) - pads.get(axes + i))));
        }
        return output;
    }

    private static void requireRanks(List<Size> input, List<Size> weight) {
        if (input.size() != weight.size() || input.size() < LEADING) {
            throw new IllegalArgumentException("a window over " + input);
        }
    }

    static List<Size> global(Operands operands) {
        List<Size> input = operands.shape(0);
        List<Size> output = new ArrayList<>(input.subList(0, LEADING));
        output.addAll(Collections.nCopies(input.size() - LEADING, Size.ONE));
        return output;
    }

    /** By stated sizes, or by scales: an attribute of Upsample 7, the second input of Upsample 9 and Resize 10, then the third. */
    static List<Size> resized(Node node, Operands operands) {
        int sizes = 3;
        if (node.attributes().containsKey("axes")
                || node.text("coordinate_transformation_mode", "").equals("tf_crop_and_resize")) {
            throw new IllegalArgumentException("a part of its input");
        }
        if (operands.has(sizes)) {
            return operands.content(sizes);
        }
        List<Float> scales = operands.reals("scales", node.inputs().size() == 2 ? 1 : 2);
        List<Size> input = operands.shape(0);
        List<Size> output = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            float scale = scales.get(i);
            output.add(
                    scale == 1
                            ? input.get(i)
                            : Size.fixed((long) Math.floor(input.get(i).number() * scale)));
        }
        return output;
    }
}
