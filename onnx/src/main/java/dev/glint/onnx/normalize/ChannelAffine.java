package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.shape.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A step that multiplies each channel by a constant and adds one: Mul, Div, Add, Sub, or a BatchNormalization.
 *
 * @param node the step
 * @param input what it changes, (N, C, ...)
 * @param scale a factor for each of C
 * @param shift what is added to each of C
 */
record ChannelAffine(Node node, String input, double[] scale, double[] shift) {
    private static final float DEFAULT_EPSILON = 1e-5f;
    private static final int STATISTICS = 4;
    /** No layer has more; what says so is no channel. */
    private static final long MAX_CHANNELS = 1 << 20;

    static final String[] OPERATORS = {"Mul", "Div", "Add", "Sub", "BatchNormalization"};

    /** Reads a node as such a step; empty if it is none. */
    static Optional<ChannelAffine> read(Node node, GraphEdit edit) {
        if (!node.isOperator(OPERATORS) || node.outputs().size() != 1) {
            return Optional.empty();
        }
        if (node.isOperator("BatchNormalization")) {
            return normalization(node, edit);
        }
        int operand = edit.before().constant(node.input(0)).isPresent() ? 1 : 0;
        Optional<List<Size>> shape = edit.shapes().shape(node.input(operand));
        Optional<Tensor> constant = edit.before().constant(node.input(1 - operand));
        boolean usable = constant.isPresent()
                && shape.isPresent()
                && shape.get().size() >= 2
                && shape.equals(edit.shapes().shape(node.output()))
                && !shape.get().get(1).perPicture()
                && shape.get().get(1).factor() <= MAX_CHANNELS
                && !(node.isOperator("Div") && operand == 1);
        if (!usable) {
            return Optional.empty();
        }
        int channels = (int) shape.get().get(1).factor();
        return ChannelValues.read(constant.get(), shape.get().size(), channels)
                .map(values -> step(node, operand, values))
                // Division by 0 and the like stays as it is.
                .filter(step -> Arrays.stream(step.scale).allMatch(Double::isFinite));
    }

    private static ChannelAffine step(Node node, int operand, float[] values) {
        double[] scale = new double[values.length];
        double[] shift = new double[values.length];
        for (int c = 0; c < values.length; c++) {
            double value = values[c];
            scale[c] = switch (node.op()) {
                case "Mul" -> value;
                case "Div" -> 1 / value;
                default -> operand == 1 && node.isOperator("Sub") ? -1 : 1;
            };
            shift[c] = switch (node.op()) {
                case "Add" -> value;
                case "Sub" -> operand == 1 ? value : -value;
                default -> 0;
            };
        }
        return new ChannelAffine(node, node.input(operand), scale, shift);
    }

    private static Optional<ChannelAffine> normalization(Node norm, GraphEdit edit) {
        List<float[]> statistics = new ArrayList<>();
        for (int i = 1; i <= STATISTICS; i++) {
            edit.before()
                    .constant(norm.input(i))
                    .filter(tensor -> tensor.type() == ElementType.FLOAT)
                    .ifPresent(tensor -> statistics.add(tensor.toFloats()));
        }
        int channels = statistics.isEmpty() ? 0 : statistics.get(0).length;
        if (statistics.size() < STATISTICS || statistics.stream().anyMatch(values -> values.length != channels)) {
            return Optional.empty();
        }
        double epsilon = norm.real("epsilon", DEFAULT_EPSILON);
        double[] scale = new double[channels];
        double[] shift = new double[channels];
        for (int c = 0; c < channels; c++) {
            scale[c] = statistics.get(0)[c] / Math.sqrt(statistics.get(3)[c] + epsilon);
            shift[c] = statistics.get(1)[c] - statistics.get(2)[c] * scale[c];
        }
        return Optional.of(new ChannelAffine(norm, norm.input(0), scale, shift));
    }

    int channels() {
        return scale.length;
    }

    boolean shifts() {
        return Arrays.stream(shift).anyMatch(value -> value != 0);
    }

    /** Whether all channels are treated alike. */
    boolean isUniform() {
        return Arrays.stream(scale).distinct().count() <= 1
                && Arrays.stream(shift).distinct().count() <= 1;
    }

    /** This step and then another. */
    ChannelAffine then(ChannelAffine next) {
        double[] factors = new double[scale.length];
        double[] sums = new double[scale.length];
        for (int c = 0; c < scale.length; c++) {
            factors[c] = scale[c] * next.scale[c];
            sums[c] = shift[c] * next.scale[c] + next.shift[c];
        }
        return new ChannelAffine(next.node, input, factors, sums);
    }

    static float[] rounded(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
