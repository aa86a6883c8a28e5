package dev.glint.onnx.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.check.FusionCheck;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.OnnxChecker;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Activations in all places where networks have them, through ONNX Runtime as it is. */
class ActivationPlacesTest {
    /** What bytes cost these graphs of large random weights is up to 0.05; an activation left out or done twice, more. */
    private static final double BOUND = 0.08;

    private static final Map<String, Attribute> HALVES =
            Map.of("kernel_shape", Attribute.integers(List.of(2L, 2L)), "strides", Attribute.integers(List.of(2L, 2L)));

    @Test
    void reluBehindMaxPoolVanishesInTheConvolutionBeforeIt() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .node("MaxPool", "b", HALVES, "a")
                .node("Relu", "c", "b")
                .convolution("y", "c", 4, 3, true)
                .build(4);
        QuantizedModel model = quantized(graph);
        assertOperators(model, Map.of("QLinearConv", 2, "NhwcMaxPool", 1));
        assertEquals("c", model.plan().values().get("a"), "the range is that behind the ReLU");
        assertEquals(List.of("b"), List.copyOf(model.plan().vanishing().keySet()));
    }

    @Test
    void reluBehindAveragePoolVanishesInIt() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .node("AveragePool", "b", HALVES, "a")
                .node("Relu", "c", "b")
                .convolution("y", "c", 4, 3, true)
                .build(4);
        assertOperators(quantized(graph), Map.of("QLinearConv", 2, "QLinearAveragePool", 1));
    }

    @Test
    void reluBehindConcatenationVanishesInIt() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .convolution("b", "x", 2, 2, true)
                .node("Concat", "c", Map.of("axis", Attribute.integer(1)), "a", "b")
                .node("Relu", "d", "c")
                .convolution("y", "d", 6, 3, true)
                .build(4);
        assertOperators(quantized(graph), Map.of("QLinearConv", 3, "QLinearConcat", 1));
    }

    @Test
    void reluOfAPreActivationResidualBecomesATable() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .node("Relu", "b", "a")
                .convolution("c", "b", 4, 4, true)
                .node("Relu", "d", "c")
                .convolution("e", "d", 4, 4, true)
                .node("Add", "f", "a", "e")
                .node("Relu", "g", "f")
                .convolution("h", "g", 4, 4, true)
                .node("Add", "i", "f", "h")
                .node("Relu", "j", "i")
                .convolution("y", "j", 4, 3, true)
                .build(4);
        assertOperators(quantized(graph), Map.of("QLinearConv", 5, "QLinearAdd", 2, "QLinearLeakyRelu", 2));
    }

    @Test
    void normOfAPreActivationResidualStaysInFloat() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .batchNorm("b", "a", 4)
                .node("Relu", "c", "b")
                .convolution("d", "c", 4, 4, true)
                .node("Add", "e", "a", "d")
                .convolution("y", "e", 4, 3, true)
                .build(4);
        QuantizedModel model = quantized(graph);
        assertOperators(model, Map.of("QLinearConv", 3, "QLinearAdd", 1, "BatchNormalization", 1));
        assertEquals(
                Map.of("b", FloatReason.OPERATOR, "c", FloatReason.INPUT),
                model.plan().floatNodes());
    }

    @Test
    void clipAroundZeroVanishes() {
        assertClipVanishes(Tensor.scalar(-1), Tensor.scalar(1));
        assertClipVanishes(Tensor.scalar(-0.25f), Tensor.scalar(1.75f));
        assertClipVanishes(Tensor.scalar(0), Tensor.scalar(6));
    }

    @Test
    void clipWithoutOneOfItsBoundsVanishes() {
        assertClipVanishes(Tensor.scalar(0), null);
        assertClipVanishes(Tensor.scalar(-2), null);
        assertClipVanishes(null, Tensor.scalar(3));
        assertClipVanishes(null, null);
    }

    private static void assertClipVanishes(@Nullable Tensor min, @Nullable Tensor max) {
        QuantizedModel model = quantized(clipped(min, max));
        assertOperators(model, Map.of("QLinearConv", 2));
        assertTrue(model.plan().floatNodes().isEmpty());
    }

    @Test
    void clipThatLeavesZeroOutStaysInFloat() {
        for (Graph graph : List.of(
                clipped(Tensor.scalar(0.5f), Tensor.scalar(6)), clipped(Tensor.scalar(-3), Tensor.scalar(-1)))) {
            QuantizedModel model = quantized(graph);
            assertOperators(model, Map.of("QLinearConv", 2, "Clip", 1));
            assertEquals(Map.of("b", FloatReason.OPERATOR), model.plan().floatNodes());
        }
    }

    @Test
    void hardSwishIsWhollyOfBytes() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .constant("three", Tensor.scalar(3))
                .constant("zero", Tensor.scalar(0))
                .constant("six", Tensor.scalar(6))
                .node("Add", "b", "a", "three")
                .node("Clip", "c", "b", "zero", "six")
                .node("Div", "d", "c", "six")
                .node("Mul", "e", "a", "d")
                .convolution("y", "e", 4, 3, true)
                .build(4);
        QuantizedModel model = quantized(graph);
        assertOperators(model, Map.of("QLinearConv", 2, "QLinearAdd", 1, "QLinearMul", 1));
        assertFalse(model.operators().containsKey("Div"), "the quotient is a scale");
        assertEquals("c", model.plan().values().get("d"));
        assertEquals(1f / 6, model.plan().activations().get("d").factor());
    }

    @Test
    void constantsThatAreAddedOrMultipliedAreBytes() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .floats("shift", 4, 1, 1)
                .floats("stretch", 1, 4, 1, 1)
                .constant("minus", Tensor.scalar(-0.5f))
                .node("Add", "b", "shift", "a")
                .node("Mul", "c", "b", "stretch")
                .node("Mul", "d", "c", "minus")
                .node("Relu", "e", "d")
                .convolution("y", "e", 4, 3, true)
                .build(4);
        assertOperators(quantized(graph), Map.of("QLinearConv", 2, "QLinearAdd", 1, "QLinearMul", 2));
    }

    @Test
    void positiveFactorIsAScaleWhereverItStands() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .constant("third", Tensor.scalar(1 / 3f))
                .node("Mul", "b", "third", "a")
                .node("Relu", "c", "b")
                .node("Mul", "d", "c", "third")
                .convolution("y", "d", 4, 3, true)
                .build(4);
        assertOperators(quantized(graph), Map.of("QLinearConv", 2, "QLinearLeakyRelu", 1));
    }

    private static Graph clipped(@Nullable Tensor min, @Nullable Tensor max) {
        Graphs graphs = new Graphs().convolution("a", "x", 2, 4, true);
        if (min != null) {
            graphs.constant("min", min);
        }
        if (max != null) {
            graphs.constant("max", max);
        }
        return graphs.node("Clip", "b", "a", min == null ? "" : "min", max == null ? "" : "max")
                .convolution("y", "b", 4, 3, true)
                .build(4);
    }

    private static QuantizedModel quantized(Graph graph) {
        QuantizedModel model = QuantizedModel.of(graph, Head.FLOAT, 2, 6, 6);
        OnnxChecker.check(model.integers());
        assertEquals(
                List.of(),
                FusionCheck.unfused(
                        model.integers(), model.optimized(), model.plan().integerNodes()));
        assertTrue(model.relativeError() < BOUND, () -> "relative error " + model.relativeError());
        assertTrue(model.relativeError() > 0, "nothing was quantised");
        return model;
    }

    /** Counts what ONNX Runtime runs, but for conversions; nothing else may be there. */
    private static void assertOperators(QuantizedModel model, Map<String, Integer> expected) {
        Map<String, Long> operators = model.operators();
        expected.forEach((op, count) -> assertEquals(count.longValue(), operators.get(op), op + " in " + operators));
        for (String vanished : List.of("Relu", "Conv", "FusedConv", "MaxPool", "AveragePool", "Concat", "Add", "Mul")) {
            assertFalse(operators.containsKey(vanished), vanished + " in " + operators);
        }
    }
}
