package dev.glint.onnx.quantize.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.testing.Graphs;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PooledHeadTest {
    private static QuantizationPlan plan(Graph graph, Head head) {
        return QuantizationPlan.derive(new GraphIndex(graph), Profile.int8(head), SchemeChanges.NONE, Map.of());
    }

    @Test
    void convolutionBehindTheLastPoolIsAClassifier() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .node("GlobalAveragePool", "b", "a")
                .floats("c.w", 3, 4, 1, 1)
                .node("Conv", "c", "b", "c.w")
                .node("Flatten", "y", "c")
                .build();
        assertEquals(Set.of("a"), plan(graph, Head.FLOAT).integerNodes());
        assertEquals(FloatReason.HEAD, plan(graph, Head.FLOAT).floatNodes().get("b"));
        assertEquals(FloatReason.HEAD, plan(graph, Head.FLOAT).floatNodes().get("c"));
        assertEquals(Set.of("a", "b", "c", "y"), plan(graph, Head.INTEGER).integerNodes());
    }

    @Test
    void convolutionsOfASqueezeAndExcitationAreNot() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .node("GlobalAveragePool", "b", "a")
                .floats("c.w", 4, 4, 1, 1)
                .node("Conv", "c", "b", "c.w")
                .node("Sigmoid", "d", "c")
                .node("Mul", "e", "a", "d")
                .convolution("y", "e", 4, 3, true)
                .build();
        assertEquals(Map.of(), plan(graph, Head.FLOAT).floatNodes());
    }

    @Test
    void convolutionBeforeThePoolIsNot() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .convolution("b", "a", 4, 3, true)
                .node("GlobalAveragePool", "y", "b")
                .build();
        assertEquals(Set.of("a", "b"), plan(graph, Head.FLOAT).integerNodes());
    }
}
