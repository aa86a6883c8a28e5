package dev.glint.runtime.testing;

import static dev.glint.runtime.testing.OnnxGraphs.real;
import static dev.glint.runtime.testing.OnnxGraphs.text;
import static dev.glint.runtime.testing.OnnxGraphs.whole;
import static dev.glint.runtime.testing.OnnxGraphs.wholes;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A network whose operators, sizes, attributes and branches are drawn; in floats, or with the encodings of integers between. */
public final class RandomNetwork {
    private static final int LABELS = 5;

    private final Random random;
    private final boolean integers;
    /** Whether activations are signed bytes, 128 less than unsigned ones. */
    private final boolean signed;

    private final OnnxGraphs graph;
    private final List<Planes> maps = new ArrayList<>();
    private final Map<String, Float> scales = new HashMap<>();
    private int names;

    /** A value of the network that later operators may take. */
    private record Planes(String name, int channels, int height, int width) {}

    private RandomNetwork(long seed, boolean integers) {
        this.random = new Random(seed);
        this.integers = integers;
        this.signed = integers && random.nextInt(3) == 0;
        int channels = 1 + random.nextInt(4);
        int height = 6 + random.nextInt(12);
        int width = 6 + random.nextInt(12);
        this.graph = new OnnxGraphs(channels, height, width);
        maps.add(new Planes(encoded("input", 0.031f, 128), channels, height, width));
    }

    /** The file of the network of a seed. */
    public static byte[] draw(long seed, boolean integers) {
        return new RandomNetwork(seed, integers).build();
    }

    private byte[] build() {
        int operators = 2 + random.nextInt(7);
        for (int i = 0; i < operators; i++) {
            operator();
        }
        Planes last = last();
        if (random.nextBoolean()) {
            String pooled = next("gap");
            graph.node("GlobalAveragePool", pooled, last.name);
            last = new Planes(encoded(pooled, 0.02f, 120), last.channels, 1, 1);
        }
        String flat = next("flat");
        if (random.nextBoolean()) {
            graph.node("Flatten", flat, last.name);
        } else {
            graph.longs(flat + ".shape", 0, -1);
            graph.node("Reshape", flat, last.name, flat + ".shape");
        }
        flat = integers ? encoded(flat, 0.02f, 120) : flat;
        int features = last.channels * last.height * last.width;
        boolean softmax = !integers && random.nextInt(4) == 0;
        dense(flat, features, softmax ? "scores" : "logits");
        if (softmax) {
            graph.node("Softmax", "logits", "scores");
        }
        return graph.build(LABELS);
    }

    private void dense(String input, int features, String output) {
        String weight = output + ".w";
        boolean outputsFirst = integers || random.nextBoolean();
        long[] shape = outputsFirst ? new long[] {LABELS, features} : new long[] {features, LABELS};
        weights(output, input, LABELS, features, shape);
        if (outputsFirst || random.nextBoolean()) {
            graph.node("Gemm", output, whole("transB", outputsFirst ? 1 : 0), input, weight, output + ".b");
        } else {
            graph.node("MatMul", output, input, weight);
        }
    }

    private void operator() {
        switch (random.nextInt(integers ? 8 : 10)) {
            case 0, 1, 2 -> convolution(last());
            case 3 -> pool(random.nextBoolean() ? "MaxPool" : "AveragePool");
            case 4 -> join("Add");
            case 5 -> join("Concat");
            case 6 -> activation();
            case 7 -> excitation();
            case 8 -> norm();
            default -> perChannel();
        }
    }

    private Planes last() {
        return maps.get(maps.size() - 1);
    }

    private String next(String operator) {
        names++;
        return operator + names;
    }

    private void add(String name, int channels, int height, int width, float scale, int zero) {
        maps.add(new Planes(encoded(name, scale, zero), channels, height, width));
    }

    /** The name of a value as integer operators take it. */
    private String encoded(String name, float scale, int zero) {
        if (!integers) {
            return name;
        }
        float drawn = scale * (0.5f + random.nextFloat());
        scales.put(name + "_d", drawn);
        byte[] zeroPoint = {(byte) (signed ? zero - 128 : zero)};
        (signed ? graph.signed(name + "_zero", zeroPoint) : graph.unsigned(name + "_zero", zeroPoint))
                .scalar(name + "_scale", drawn)
                .node("QuantizeLinear", name + "_q", name, name + "_scale", name + "_zero")
                .node("DequantizeLinear", name + "_d", name + "_q", name + "_scale", name + "_zero");
        return name + "_d";
    }

    /** Weights and bias of a layer: {@code name.w} and {@code name.b}. */
    private void weights(String name, String input, int outputs, int depth, long... shape) {
        double spread = 1 / Math.sqrt(depth);
        if (!integers) {
            graph.floats(name + ".w", gaussian(outputs * depth, spread), shape)
                    .floats(name + ".b", gaussian(outputs, 0.3), outputs);
            return;
        }
        byte[] bytes = new byte[outputs * depth];
        random.nextBytes(bytes);
        float[] scales = new float[outputs];
        for (int i = 0; i < outputs; i++) {
            scales[i] = (float) ((0.5 + random.nextDouble()) * spread / 64);
        }
        constant(
                name + ".w",
                scales,
                outputs,
                (quantized, zero) -> graph.signed(quantized, bytes, shape).signed(zero, new byte[outputs], outputs));
        int[] bias = random.ints(outputs, -300, 300).toArray();
        float[] products = new float[outputs];
        for (int i = 0; i < outputs; i++) {
            products[i] = this.scales.get(input) * scales[i];
        }
        constant(
                name + ".b",
                products,
                outputs,
                (quantized, zero) ->
                        graph.integers(quantized, bias, outputs).integers(zero, new int[outputs], outputs));
    }

    private void constant(String name, float[] scales, int outputs, BiConsumer<String, String> integers) {
        integers.accept(name + "_q", name + "_zero");
        graph.floats(name + "_scale", scales, outputs)
                .node("DequantizeLinear", name, whole("axis", 0), name + "_q", name + "_scale", name + "_zero");
    }

    private float[] gaussian(int count, double spread) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * spread);
        }
        return values;
    }

    private void convolution(Planes input) {
        int rows = Math.min(1 + random.nextInt(4), input.height);
        int columns = Math.min(1 + random.nextInt(4), input.width);
        int stride = 1 + random.nextInt(2);
        int dilation = rows * 2 < input.height && columns * 2 < input.width ? 1 + random.nextInt(2) : 1;
        boolean depthwise = random.nextInt(3) == 0;
        int groups = depthwise ? input.channels : 1;
        int outputs = groups * (1 + random.nextInt(depthwise ? 2 : 12));
        String name = next("conv");
        int[] pads = {random.nextInt(rows), random.nextInt(columns), random.nextInt(rows), random.nextInt(columns)};
        boolean same = random.nextInt(4) == 0 && dilation == 1;
        int height;
        int width;
        Consumer<NodeProto.Builder> padding;
        if (same) {
            padding = text("auto_pad", random.nextBoolean() ? "SAME_UPPER" : "SAME_LOWER");
            height = (input.height + stride - 1) / stride;
            width = (input.width + stride - 1) / stride;
        } else {
            padding = wholes("pads", pads[0], pads[1], pads[2], pads[3]);
            height = (input.height + pads[0] + pads[2] - (rows - 1) * dilation - 1) / stride + 1;
            width = (input.width + pads[1] + pads[3] - (columns - 1) * dilation - 1) / stride + 1;
        }
        int depth = input.channels / groups * rows * columns;
        weights(name, input.name, outputs, depth, outputs, input.channels / groups, rows, columns);
        graph.node(
                "Conv",
                name,
                padding.andThen(wholes("kernel_shape", rows, columns))
                        .andThen(wholes("strides", stride, stride))
                        .andThen(wholes("dilations", dilation, dilation))
                        .andThen(whole("group", groups)),
                input.name,
                name + ".w",
                name + ".b");
        clamped(name, outputs, height, width);
    }

    /** With or without a ReLU or a clip at the value's end, encoded so that these vanish. */
    private void clamped(String name, int channels, int height, int width) {
        switch (random.nextInt(3)) {
            case 0 -> add(name, channels, height, width, 0.03f, 90 + random.nextInt(80));
            case 1 -> {
                graph.node("Relu", name + "_relu", name);
                add(name + "_relu", channels, height, width, 0.015f, 0);
            }
            default -> {
                graph.scalar(name + "_low", 0).scalar(name + "_high", 4);
                graph.node("Clip", name + "_clip", name, name + "_low", name + "_high");
                add(name + "_clip", channels, height, width, 0.01f, 0);
            }
        }
    }

    private void pool(String operator) {
        Planes input = last();
        if (input.height < 3 || input.width < 3) {
            return;
        }
        int size = 2 + random.nextInt(2);
        int stride = 1 + random.nextInt(2);
        int pad = random.nextInt(2);
        boolean up = random.nextBoolean();
        boolean average = operator.equals("AveragePool");
        // What a shape inference of this version makes of a last window that begins outside is not what is computed.
        up &= fits(input.height, size, stride, pad) && fits(input.width, size, stride, pad);
        int included = average ? random.nextInt(2) : 0;
        // Glint's engine takes no such windows that end outside: what they are divided by depends on ONNX Runtime's
        // version.
        up &= included == 0
                || endsInside(input.height, size, stride, pad) && endsInside(input.width, size, stride, pad);
        String name = next("pool");
        graph.node(
                operator,
                name,
                wholes("kernel_shape", size, size)
                        .andThen(wholes("strides", stride, stride))
                        .andThen(wholes("pads", pad, pad, pad, pad))
                        .andThen(whole("ceil_mode", up ? 1 : 0))
                        .andThen(average ? whole("count_include_pad", included) : node -> {}),
                input.name);
        int height = pooled(input.height, size, stride, pad, up);
        int width = pooled(input.width, size, stride, pad, up);
        add(name, input.channels, height, width, 0.03f, 100);
    }

    private static int pooled(int input, int size, int stride, int pad, boolean up) {
        int room = input + 2 * pad - size;
        return (up ? (room + stride - 1) / stride : room / stride) + 1;
    }

    private static boolean fits(int input, int size, int stride, int pad) {
        return (pooled(input, size, stride, pad, true) - 1) * stride < input + pad;
    }

    private static boolean endsInside(int input, int size, int stride, int pad) {
        return pooled(input, size, stride, pad, true) == pooled(input, size, stride, pad, false);
    }

    /** With an earlier value of the same size, if there is one. */
    private void join(String operator) {
        Planes a = last();
        List<Planes> others = maps.stream()
                .filter(map -> map != a && map.height == a.height && map.width == a.width)
                .filter(map -> operator.equals("Concat") || map.channels == a.channels)
                .toList();
        if (others.isEmpty()) {
            return;
        }
        Planes b = others.get(random.nextInt(others.size()));
        String name = next("join");
        if (operator.equals("Concat")) {
            graph.node("Concat", name, whole("axis", 1), a.name, b.name);
            add(name, a.channels + b.channels, a.height, a.width, 0.03f, 120);
        } else {
            graph.node("Add", name, a.name, b.name);
            clamped(name, a.channels, a.height, a.width);
        }
    }

    private void activation() {
        Planes input = last();
        String name = next("act");
        switch (random.nextInt(integers ? 3 : 6)) {
            case 0 -> graph.node("LeakyRelu", name, real("alpha", 0.1f), input.name);
            case 1 -> graph.node("Sigmoid", name, input.name);
            case 2 -> {
                graph.scalar(name + "_3", 3).scalar(name + "_0", 0).scalar(name + "_6", 6);
                graph.node("Add", name + "_add", input.name, name + "_3");
                graph.node("Clip", name + "_clip", name + "_add", name + "_0", name + "_6");
                graph.node("Div", name + "_div", name + "_clip", name + "_6");
                graph.node("Mul", name, input.name, name + "_div");
            }
            case 3 -> graph.node("HardSwish", name, input.name);
            case 4 -> graph.node("HardSigmoid", name, real("alpha", 0.25f), input.name);
            default -> graph.node("Tanh", name, input.name);
        }
        add(name, input.channels, input.height, input.width, 0.02f, 110);
    }

    /** Channels weighed by what is in them. */
    private void excitation() {
        Planes input = last();
        String name = next("weigh");
        graph.node("GlobalAveragePool", name + "_mean", input.name);
        String mean = encoded(name + "_mean", 0.01f, 128);
        weights(name, mean, input.channels, input.channels, input.channels, input.channels, 1, 1);
        graph.node("Conv", name + "_conv", mean, name + ".w", name + ".b");
        String gate = encoded(name + "_conv", 0.02f, 128);
        graph.node("Sigmoid", name + "_gate", gate);
        gate = encoded(name + "_gate", 0.006f, 0);
        graph.node("Mul", name, input.name, gate);
        add(name, input.channels, input.height, input.width, 0.02f, 128);
    }

    private void norm() {
        Planes input = last();
        String name = next("norm");
        int channels = input.channels;
        float[] variance = new float[channels];
        for (int i = 0; i < channels; i++) {
            variance[i] = 0.5f + random.nextFloat();
        }
        graph.floats(name + ".s", gaussian(channels, 1), channels)
                .floats(name + ".b", gaussian(channels, 1), channels)
                .floats(name + ".m", gaussian(channels, 1), channels)
                .floats(name + ".v", variance, channels)
                .node("BatchNormalization", name, input.name, name + ".s", name + ".b", name + ".m", name + ".v");
        clamped(name, channels, input.height, input.width);
    }

    private void perChannel() {
        Planes input = last();
        String name = next("scaled");
        boolean batch = random.nextBoolean();
        long[] shape = batch ? new long[] {1, input.channels, 1, 1} : new long[] {input.channels, 1, 1};
        float[] numbers = gaussian(input.channels, 1);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] += Math.copySign(0.5f, numbers[i]);
        }
        graph.floats(name + ".c", numbers, shape);
        graph.node(List.of("Mul", "Add", "Sub", "Div").get(random.nextInt(4)), name, input.name, name + ".c");
        maps.add(new Planes(name, input.channels, input.height, input.width));
    }
}
