package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.trace.Arguments.Axis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Convolution, linear layers and normalisation. */
final class LayerRules {
    record Convolution(
            RecordedArray input,
            RecordedArray weight,
            @Nullable RecordedArray bias,
            Shape stride,
            Shape padding,
            Shape dilation,
            int groups) {}

    record Linear(
            RecordedArray input,
            RecordedArray weight,
            @Nullable RecordedArray bias) {}

    record BatchNorm(
            RecordedArray input,
            RecordedArray mean,
            RecordedArray variance,
            @Nullable RecordedArray scale,
            @Nullable RecordedArray shift,
            int axis,
            float momentum,
            float epsilon,
            boolean training)
            implements Rule.Mode {}

    record LayerNorm(
            RecordedArray input,
            Shape normalized,
            RecordedArray scale,
            @Nullable RecordedArray shift,
            float epsilon) {}

    private LayerRules() {}

    static void addTo(RuleBook book) {
        book.add("convolution", Convolution.class, LayerRules::convolution);
        book.add("linear", Linear.class, LayerRules::linear);
        book.add("batchNorm", BatchNorm.class, LayerRules::batchNorm);
        book.add("layerNorm", LayerNorm.class, LayerRules::layerNorm);
        book.add("softmax", Axis.class, (call, axis) -> softmax(call, "Softmax", axis));
        book.add("logSoftmax", Axis.class, (call, axis) -> softmax(call, "LogSoftmax", axis));
    }

    private static void convolution(Call call, Convolution layer) {
        long[] padding = layer.padding().getShape();
        long[] kernel = Arrays.stream(layer.weight().shape()).skip(2).toArray();
        call.defineLayer(
                "Conv",
                layer.weight(),
                values(call, layer.input(), layer.weight(), layer.bias()),
                Map.of(
                        "kernel_shape",
                        Call.ints(kernel),
                        "strides",
                        Call.ints(layer.stride().getShape()),
                        "pads",
                        Call.ints(LongStream.concat(Arrays.stream(padding), Arrays.stream(padding))
                                .toArray()),
                        "dilations",
                        Call.ints(layer.dilation().getShape()),
                        "group",
                        Attribute.integer(layer.groups())));
    }

    /** y = x W^T + b, with W of shape (out, in). */
    private static void linear(Call call, Linear layer) {
        RecordedArray input = layer.input();
        RecordedArray weight = layer.weight();
        RecordedArray bias = layer.bias();
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

    private static void batchNorm(Call call, BatchNorm layer) {
        int axis = layer.axis();
        int rank = layer.input().rank();
        if (rank < 2 || axis != -1 && axis != 1 && axis >= rank) {
            throw call.unsupported("axis " + axis + " of " + rank);
        }
        RecordedArray scale = orElse(layer.scale(), layer.mean().real().onesLike());
        RecordedArray shift = orElse(layer.shift(), layer.mean().real().zerosLike());
        boolean swapped = axis > 1;
        Attribute swap = swap(rank, 1, Math.max(axis, 1));
        String input = call.value(layer.input());
        if (swapped) {
            input = call.emit("Transpose", List.of(input), Map.of("perm", swap));
        }
        List<String> inputs = new ArrayList<>(List.of(input));
        inputs.addAll(values(call, scale, shift, layer.mean(), layer.variance()));
        call.defineLayer("BatchNormalization", scale, inputs, Map.of("epsilon", Attribute.real(layer.epsilon())));
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
    private static void layerNorm(Call call, LayerNorm layer) {
        call.define(
                "LayerNormalization",
                values(call, layer.input(), layer.scale(), layer.shift()),
                Map.of(
                        "axis",
                        Attribute.integer(-layer.normalized().dimension()),
                        "epsilon",
                        Attribute.real(layer.epsilon())));
    }

    private static void softmax(Call call, String op, Axis axis) {
        call.define(op, List.of(call.value(call.self())), Map.of("axis", Attribute.integer(axis.axis())));
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
