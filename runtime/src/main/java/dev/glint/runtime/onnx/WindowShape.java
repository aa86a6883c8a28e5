package dev.glint.runtime.onnx;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The shapes that windows over (N, C, ...) give: convolutions, transposed ones, pools. */
final class WindowShape {
    private WindowShape() {}

    /** The shape of the output, if that of the input and what the window is like are known. */
    static long @Nullable [] shape(NodeInputs node) {
        long[] input = node.shape(0);
        boolean convolves = node.operator().contains("Conv");
        long[] weights = convolves ? node.shape(node.operator().equals("QLinearConv") ? 3 : 1) : null;
        if (input == null || input.length < 3) {
            return null;
        }
        int rank = input.length - 2;
        boolean transposed = node.operator().equals("ConvTranspose");
        if (convolves && (weights == null || weights.length != input.length)) {
            return null;
        }
        long[] kernel = weights == null ? node.wholes("kernel_shape") : Arrays.copyOfRange(weights, 2, input.length);
        if (kernel == null || kernel.length != rank) {
            return null;
        }
        long[] strides = sizes(node.wholes("strides"), rank, 1);
        long[] dilations = sizes(node.wholes("dilations"), rank, 1);
        long[] pads = sizes(node.wholes("pads"), 2 * rank, 0);
        long[] more = sizes(node.wholes("output_padding"), rank, 0);
        boolean same = node.text("auto_pad").startsWith("SAME");
        long[] shape = input.clone();
        if (weights != null) {
            shape[1] = transposed ? NodeShapes.times(weights[1], Math.max(1, node.whole("group", 1))) : weights[0];
        }
        long[] stated = transposed ? node.wholes("output_shape") : null;
        for (int i = 0; i < rank; i++) {
            long window = NodeShapes.plus(NodeShapes.times(dilations[i], NodeShapes.plus(kernel[i], -1)), 1);
            long padded = same ? NodeShapes.plus(window, -1) : NodeShapes.plus(pads[i], pads[rank + i]);
            long stride = Math.max(1, strides[i]);
            long size = input[2 + i];
            if (!transposed) {
                long places = NodeShapes.plus(NodeShapes.plus(size, padded), -window);
                shape[2 + i] = places < 0 ? 0 : same ? (size - 1) / stride + 1 : places / stride + 1;
            } else if (stated != null && stated.length >= rank) {
                shape[2 + i] = stated[stated.length - rank + i];
            } else {
                long reach = NodeShapes.plus(NodeShapes.times(NodeShapes.plus(size, -1), stride), window);
                shape[2 + i] = same
                        ? NodeShapes.times(size, stride)
                        : NodeShapes.plus(NodeShapes.plus(reach, more[i]), -padded);
            }
        }
        return shape;
    }

    private static long[] sizes(long @Nullable [] found, int count, long usual) {
        if (found != null && found.length == count) {
            return found;
        }
        long[] all = new long[count];
        Arrays.fill(all, usual);
        return all;
    }
}
