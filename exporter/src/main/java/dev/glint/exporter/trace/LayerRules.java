package dev.glint.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.glint.exporter.graph.Attribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Convolution, pooling, linear layers and normalisation. */
final class LayerRules {
    private LayerRules() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("convolution(NDArray, NDArray, NDArray, Shape, Shape, Shape, int)", LayerRules::convolution);
        rules.put("linear(NDArray, NDArray, NDArray)", LayerRules::linear);
        rules.put(
                "batchNorm(NDArray, NDArray, NDArray, NDArray, NDArray, int, float, float, boolean)",
                LayerRules::batchNorm);
        rules.put("layerNorm(NDArray, Shape, NDArray, NDArray, float)", LayerRules::layerNorm);
        rules.put("maxPool(Shape, Shape, Shape, boolean)", LayerRules::maxPool);
        rules.put("avgPool(Shape, Shape, Shape, boolean, boolean)", LayerRules::averagePool);
        rules.put("lpPool(float, Shape, Shape, Shape, boolean)", LayerRules::lpPool);
        rules.put("globalAvgPool()", call -> global(call, "GlobalAveragePool", Map.of()));
        rules.put("globalMaxPool()", call -> global(call, "GlobalMaxPool", Map.of()));
        rules.put("globalLpPool(float)", call -> global(call, "GlobalLpPool", Map.of("p", evenNorm(call))));
        rules.put("softmax(int)", call -> softmax(call, "Softmax"));
        rules.put("logSoftmax(int)", call -> softmax(call, "LogSoftmax"));
    }

    private static void convolution(Call call) {
        long[] padding = call.shape(4);
        long[] kernel = Arrays.stream(call.array(1).shape()).skip(2).toArray();
        call.defineLayer(
                "Conv",
                call.array(1),
                values(call, call.array(0), call.array(1), call.optional(2)),
                Map.of(
                        "kernel_shape",
                        Call.ints(kernel),
                        "strides",
                        Call.ints(call.shape(3)),
                        "pads",
                        Call.ints(LongStream.concat(Arrays.stream(padding), Arrays.stream(padding))
                                .toArray()),
                        "dilations",
                        Call.ints(call.shape(5)),
                        "group",
                        Attribute.integer((long) call.integer(6))));
    }

    /** y = x W^T + b, with W of shape (out, in). */
    private static void linear(Call call) {
        RecordedArray input = call.array(0);
        RecordedArray weight = call.array(1);
        RecordedArray bias = call.optional(2);
        if (input.rank() == 2) {
            call.defineLayer("Gemm", weight, values(call, input, weight, bias), Map.of("transB", Attribute.integer(1)));
            return;
        }
        String transposed = call.emit("Transpose", List.of(call.value(weight)), Map.of("perm", Call.ints(1, 0)));
        String product = call.emit("MatMul", List.of(call.value(input), transposed), Map.of());
        if (bias == null) {
            call.result().bind(product);
        } else {
            call.define("Add", List.of(product, call.value(bias)), Map.of());
        }
    }

    private static void batchNorm(Call call) {
        if (call.flag(8)) {
            throw call.unsupported("in training mode");
        }
        int axis = call.integer(5);
        int rank = call.array(0).rank();
        if (rank < 2 || axis != -1 && axis != 1 && axis >= rank) {
            throw call.unsupported("axis " + axis + " of " + rank);
        }
        RecordedArray mean = call.array(1);
        RecordedArray weight = orElse(call.optional(3), mean.real().onesLike());
        RecordedArray bias = orElse(call.optional(4), mean.real().zerosLike());
        boolean swapped = axis > 1;
        Attribute swap = swap(rank, 1, Math.max(axis, 1));
        String input = call.value(call.array(0));
        if (swapped) {
            input = call.emit("Transpose", List.of(input), Map.of("perm", swap));
        }
        List<String> inputs = new ArrayList<>(List.of(input));
        inputs.addAll(values(call, weight, bias, mean, call.array(2)));
        call.defineLayer("BatchNormalization", weight, inputs, Map.of("epsilon", Attribute.real(call.real(7))));
        if (swapped) {
            call.define("Transpose", List.of(call.value(call.result())), Map.of("perm", swap));
        }
    }

    private static Attribute swap(int rank, int a, int b) {
        long[] axes = LongStream.range(0, rank).toArray();
        axes[a] = b;
        axes[b] = a;
        return Call.ints(axes);
    }

    private static RecordedArray orElse(@Nullable RecordedArray array, NDArray otherwise) {
        return array == null ? RecordedArray.constant(otherwise) : array;
    }

    /** Over the last dimensions, as PyTorch. */
    private static void layerNorm(Call call) {
        call.define(
                "LayerNormalization",
                values(call, call.array(0), call.array(2), call.optional(3)),
                Map.of("axis", Attribute.integer(-call.shape(1).length), "epsilon", Attribute.real(call.real(4))));
    }

    private static void maxPool(Call call) {
        Window window = new Window(call.shape(0), call.shape(1), call.shape(2));
        call.define("MaxPool", List.of(call.value(call.self())), window.attributes(overhang(call, window)));
    }

    /**
     * PyTorch counts the padding but never what a last window in ceil mode reaches behind it; ONNX counts both or
     * neither, so with both at once the padding becomes a step of its own.
     */
    private static void averagePool(Call call) {
        Window window = new Window(call.shape(0), call.shape(1), call.shape(2));
        long[] overhang = overhang(call, window);
        boolean countPadding = countsPadding(call);
        String input = call.value(call.self());
        if (countPadding && Arrays.stream(overhang).anyMatch(n -> n > 0)) {
            input = call.emit("Pad", List.of(input, call.recorder().constant(window.outerPadding())), Map.of());
            window = window.withoutPadding();
            countPadding = false;
        }
        Map<String, Attribute> attributes = window.attributes(overhang);
        attributes.put("count_include_pad", Attribute.integer(countPadding ? 1 : 0));
        call.define("AveragePool", List.of(input), attributes);
    }

    /** Whether the engine counts padding, which it may do whatever it was told: a mean of ones is 1 where it does not. */
    private static boolean countsPadding(Call call) {
        NDArray ones = call.self().real().onesLike();
        NDArray means = ones.getNDArrayInternal()
                .avgPool(
                        new Shape(call.shape(0)),
                        new Shape(call.shape(1)),
                        new Shape(call.shape(2)),
                        call.flag(3),
                        call.flag(4));
        return means.min().getFloat() < 1 - 1e-3;
    }

    private static void lpPool(Call call) {
        Window window = new Window(call.shape(1), call.shape(2), new long[call.shape(1).length]);
        if (Arrays.stream(overhang(call, window)).anyMatch(n -> n > 0)) {
            throw call.unsupported("ceil mode");
        }
        Map<String, Attribute> attributes = window.attributes(new long[call.shape(1).length]);
        attributes.put("p", evenNorm(call));
        call.define("LpPool", List.of(call.value(call.self())), attributes);
    }

    /** PyTorch raises without taking the absolute value first, so only an even norm is the one that ONNX has. */
    private static Attribute evenNorm(Call call) {
        float norm = call.real(0);
        if (norm % 2 != 0 || norm <= 0) {
            throw call.unsupported("norm " + norm);
        }
        return Attribute.integer((long) norm);
    }

    /** How far the last window reaches behind the padded input, per dimension: more than 0 in ceil mode only. */
    private static long[] overhang(Call call, Window window) {
        long[] input = call.self().shape();
        long[] output = call.result().shape();
        long[] overhang = new long[window.kernel().length];
        for (int i = 0; i < overhang.length; i++) {
            long needed = (output[i + 2] - 1) * window.stride()[i] + window.kernel()[i];
            overhang[i] = Math.max(0, needed - input[i + 2] - 2 * window.padding()[i]);
        }
        return overhang;
    }

    /** DJL's global pools drop the dimensions that they pool. */
    private static void global(Call call, String op, Map<String, Attribute> attributes) {
        String pooled = call.emit(op, List.of(call.value(call.self())), attributes);
        call.define("Flatten", List.of(pooled), Map.of("axis", Attribute.integer(1)));
    }

    private static void softmax(Call call, String op) {
        call.define(op, List.of(call.value(call.self())), Map.of("axis", Attribute.integer((long) call.integer(0))));
    }

    private static List<String> values(Call call, @Nullable RecordedArray... arrays) {
        List<String> values = new ArrayList<>();
        for (RecordedArray array : arrays) {
            if (array != null) {
                values.add(call.value(array));
            }
        }
        return values;
    }
}
