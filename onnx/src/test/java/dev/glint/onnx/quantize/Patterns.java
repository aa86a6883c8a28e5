package dev.glint.onnx.quantize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.testing.Graphs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What networks are made of: small graphs, each with the layers that are quantised together somewhere. */
final class Patterns {
    private static final Map<String, Attribute> HALVES =
            Map.of("kernel_shape", Attribute.integers(List.of(2L, 2L)), "strides", Attribute.integers(List.of(2L, 2L)));

    private Patterns() {}

    /** The graphs by the name of what is in them. */
    static Map<String, Graph> all() {
        Map<String, Graph> patterns = new LinkedHashMap<>();
        patterns.put("relu", between(graphs -> graphs.node("Relu", "b", "a")));
        patterns.put("relu6", clip(0, 6));
        patterns.put("clip around zero", clip(-1, 2));
        patterns.put("clip above zero", clip(2, 6));
        patterns.put(
                "scaled",
                between(graphs ->
                        graphs.constant("third", Tensor.scalar(1 / 3f)).node("Mul", "b", "a", "third")));
        patterns.put("leaky relu", between(graphs -> graphs.node("LeakyRelu", "b", "a")));
        patterns.put("hard swish", between(graphs -> graphs.node("HardSwish", "b", "a")));
        patterns.put(
                "hard sigmoid",
                between(graphs -> graphs.node("HardSigmoid", "h", "a").node("Mul", "b", "a", "h")));
        patterns.put("swish", between(graphs -> graphs.node("Sigmoid", "s", "a").node("Mul", "b", "a", "s")));
        patterns.put("max-pool", between(graphs -> graphs.node("MaxPool", "b", HALVES, "a")));
        patterns.put("mean-pool", between(graphs -> graphs.node("AveragePool", "b", HALVES, "a")));
        patterns.put(
                "residual",
                between(graphs -> graphs.node("Relu", "r", "a")
                        .convolution("c", "r", 4, 4, true)
                        .node("Add", "s", "c", "r")
                        .node("Relu", "b", "s")));
        patterns.put(
                "residual with a projection",
                between(graphs -> graphs.node("Relu", "r", "a")
                        .convolution("c", "r", 4, 4, true)
                        .convolution("d", "r", 4, 4, true)
                        .node("Add", "s", "c", "d")
                        .node("Relu", "b", "s")));
        patterns.put(
                "concatenation",
                between(graphs -> graphs.convolution("c", "x", 2, 2, false)
                        .convolution("d", "a", 4, 2, true)
                        .node("Concat", "b", Map.of("axis", Attribute.integer(1)), "c", "d")));
        patterns.put(
                "shift and stretch",
                between(graphs -> graphs.floats("shift", 4, 1, 1)
                        .floats("stretch", 4, 1, 1)
                        .node("Add", "s", "a", "shift")
                        .node("Mul", "b", "s", "stretch")));
        patterns.put(
                "norm that stays",
                between(graphs -> graphs.node("Relu", "r", "a").batchNorm("b", "r", 4)));
        patterns.put(
                "squeeze and excitation",
                between(graphs -> graphs.node("GlobalAveragePool", "p", "a")
                        .node("Flatten", "f", "p")
                        .constant("shape", Tensor.longs(-1, 4, 1, 1))
                        .node("Reshape", "g", "f", "shape")
                        .floats("fc.w", 4, 4, 1, 1)
                        .node("Conv", "fc", "g", "fc.w")
                        .node("HardSigmoid", "h", "fc")
                        .node("Mul", "b", "a", "h")));
        patterns.put(
                "depthwise",
                between(graphs -> graphs.floats("dw.w", 4, 1, 3, 3)
                        .node(
                                "Conv",
                                "b",
                                Map.of(
                                        "group",
                                        Attribute.integer(4),
                                        "pads",
                                        Attribute.integers(List.of(1L, 1L, 1L, 1L))),
                                "a",
                                "dw.w")));
        patterns.put(
                "matrix product",
                between(graphs -> graphs.floats("m", 6, 6)
                        .node("MatMul", "p", "a", "m")
                        .node("Relu", "r", "p")
                        .convolution("c", "r", 4, 4, true)
                        .node("MatMul", "b", "c", "r")));
        patterns.put(
                "linear head",
                new Graphs()
                        .convolution("a", "x", 2, 4, true)
                        .node("Relu", "b", "a")
                        .node("GlobalAveragePool", "c", "b")
                        .node("Flatten", "d", "c")
                        .floats("fc.w", 5, 4)
                        .floats("fc.b", 5)
                        .node("Gemm", "y", Map.of("transB", Attribute.integer(1)), "d", "fc.w", "fc.b")
                        .build(2));
        return patterns;
    }

    private static Graph clip(float low, float high) {
        return between(graphs -> graphs.constant("low", Tensor.scalar(low))
                .constant("high", Tensor.scalar(high))
                .node("Clip", "b", "a", "low", "high"));
    }

    /** Something between two convolutions. */
    private static Graph between(UnaryOperator<Graphs> pattern) {
        return pattern.apply(new Graphs().convolution("a", "x", 2, 4, true))
                .convolution("y", "b", 4, 3, true)
                .build(4);
    }
}
