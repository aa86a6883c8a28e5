package dev.glint.onnx.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.testing.Graphs;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PassesTest {

    @Test
    void identitiesGoWhereverTheyStand() {
        Graph graph = new Graphs()
                .node("Identity", "a", "x")
                .node("Relu", "b", "a")
                .node("Identity", "c", "b")
                .node("Identity", "d", "c")
                .node("Neg", "e", "c")
                .node("Add", "f", "d", "e")
                .node("Identity", "y", "f")
                .build();
        Graph without = apply(new RemoveIdentity(), graph);
        assertEquals(List.of("Relu", "Neg", "Add"), Graphs.ops(without));
        assertArrayEquals(Graphs.run(graph), Graphs.run(without));
    }

    @Test
    void multiplicationByOneIsACopyButByOthersIsNot() {
        Graph graph = new Graphs()
                .constant("one", Tensor.scalar(1))
                .constant("two", Tensor.scalar(2))
                .node("Mul", "a", "x", "one")
                .node("Div", "b", "a", "one")
                .node("Mul", "c", "b", "two")
                .node("Div", "y", "one", "c")
                .build();
        Graph without = apply(new RemoveIdentity(), graph);
        assertEquals(List.of("Mul", "Div"), Graphs.ops(without));
        assertArrayEquals(Graphs.run(graph), Graphs.run(without));
    }

    @Test
    void identityFromInputToOutputStays() {
        Graph graph = new Graphs().node("Identity", "y", "x").build();
        assertEquals(graph, apply(new RemoveIdentity(), graph));
        Graph product = new Graphs()
                .constant("one", Tensor.scalar(1))
                .node("Mul", "y", "x", "one")
                .build();
        assertEquals(product, apply(new RemoveIdentity(), product));
    }

    @Test
    void outputThatIsUsedFurtherInsideKeepsItsName() {
        Graph graph = new Graphs()
                .node("Relu", "a", "x")
                .node("Identity", "y", "a")
                .node("Neg", "unused", "a")
                .build();
        Graph without = apply(new RemoveIdentity(), graph);
        assertEquals(List.of("y"), without.nodes().get(1).inputs());
        assertArrayEquals(Graphs.run(graph), Graphs.run(without));
    }

    @Test
    void deadNodesTakeTheirConstantsAlong() {
        Graph graph = new Graphs()
                .convolution("dead", "x", 2, 3, true)
                .node("Relu", "alsoDead", "dead")
                .convolution("y", "x", 2, 3, false)
                .build();
        Graph alive = GraphPass.applyAll(List.of(new RemoveDeadCode()), graph);
        assertEquals(List.of("Conv"), Graphs.ops(alive));
        assertEquals(List.of("y.w"), List.copyOf(alive.initializers().keySet()));
    }

    @Test
    void batchNormDisappearsIntoConvolutions() {
        for (boolean bias : new boolean[] {false, true}) {
            Graph graph = new Graphs()
                    .convolution("a", "x", 2, 3, bias)
                    .batchNorm("b", "a", 3)
                    .node("Relu", "c", "b")
                    .convolution("d", "c", 3, 2, bias)
                    .batchNorm("y", "d", 2)
                    .build();
            Graph folded = apply(new FoldBatchNorm(), graph);
            assertEquals(List.of("Conv", "Relu", "Conv"), Graphs.ops(folded));
            assertClose(Graphs.run(graph), Graphs.run(folded));
        }
    }

    @Test
    void batchNormDisappearsIntoLinearLayers() {
        Graph graph = new Graphs()
                .node("Flatten", "f", "x")
                .floats("w", 5, 72)
                .node("Gemm", "a", Map.of("transB", Attribute.integer(1)), "f", "w")
                .batchNorm("y", "a", 5)
                .build();
        Graph folded = apply(new FoldBatchNorm(), graph);
        assertEquals(List.of("Flatten", "Gemm"), Graphs.ops(folded));
        assertClose(Graphs.run(graph), Graphs.run(folded));
    }

    @Test
    void oneBiasForAllChannelsIsFolded() {
        Graph graph = new Graphs()
                .node("Flatten", "f", "x")
                .floats("w", 5, 72)
                .constant("b", Tensor.floats(List.of(1L), 0.75f))
                .node("Gemm", "a", Map.of("transB", Attribute.integer(1)), "f", "w", "b")
                .batchNorm("y", "a", 5)
                .build();
        Graph folded = apply(new FoldBatchNorm(), graph);
        assertEquals(List.of("Flatten", "Gemm"), Graphs.ops(folded));
        assertClose(Graphs.run(graph), Graphs.run(folded));
    }

    @Test
    void productsThatAreNoLinearLayersKeepTheirNorm() {
        for (String attribute : List.of("transA", "alpha", "beta")) {
            Attribute value = attribute.equals("transA") ? Attribute.integer(1) : Attribute.real(2);
            Graph graph = new Graphs()
                    .node("Flatten", "f", "x")
                    .node("Transpose", "t", "f")
                    .floats("w", 5, 72)
                    .node("Gemm", "a", Map.of("transB", Attribute.integer(1), attribute, value), "t", "w")
                    .batchNorm("y", "a", 5)
                    .build();
            assertEquals(graph, apply(new FoldBatchNorm(), graph));
        }
    }

    @Test
    void errorsNameTheRuleAndTheNode() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 3, true)
                .batchNorm("y", "a", 2)
                .build();
        GlintException refused =
                assertThrows(GlintException.class, () -> GraphPass.applyAll(GraphPass.standard(), graph));
        assertEquals(Reason.MODEL, refused.reason());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("BatchNormalization y, which the rule fold-batch-norm cannot rewrite"), message);
    }

    @Test
    void constantsOfTheUsersAreLeftAlone() {
        Graph graph = new Graphs()
                .constant("clip_zero", Tensor.scalar(-0.5f))
                .constant("one", Tensor.scalar(1.5f))
                .node("Relu", "a", "x")
                .node("Min", "b", "a", "one")
                .node("Max", "c", "x", "clip_zero")
                .node("Add", "y", "b", "c")
                .build();
        Graph fused = apply(new FuseClip(), graph);
        assertEquals(List.of("Clip", "Max", "Add"), Graphs.ops(fused));
        assertArrayEquals(Graphs.run(graph), Graphs.run(fused));
    }

    @Test
    void batchNormStaysWhereTheLayerHasOtherUses() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 2, false)
                .batchNorm("b", "a", 2)
                .node("Add", "y", "a", "b")
                .build();
        assertEquals(graph, apply(new FoldBatchNorm(), graph));
        Graph alone = new Graphs().batchNorm("y", "x", 2).build();
        assertEquals(alone, apply(new FoldBatchNorm(), alone));
    }

    @Test
    void weightsOfTwoLayersAreFoldedForOneOnly() {
        Map<String, Attribute> pads = Map.of("pads", Attribute.integers(List.of(1L, 1L, 1L, 1L)));
        Graph graph = new Graphs()
                .floats("w", 2, 2, 3, 3)
                .node("Conv", "a", pads, "x", "w")
                .batchNorm("b", "a", 2)
                .node("Conv", "y", pads, "b", "w")
                .build();
        Graph folded = apply(new FoldBatchNorm(), graph);
        assertEquals(List.of("Conv", "Conv"), Graphs.ops(folded));
        assertClose(Graphs.run(graph), Graphs.run(folded));
        assertEquals(graph.initializers().get("w"), folded.initializers().get("w"));
    }

    @Test
    void boundsBecomeOneClip() {
        Graph relu6 = new Graphs()
                .constant("six", Tensor.scalar(1.5f))
                .node("Relu", "a", "x")
                .node("Min", "y", "a", "six")
                .build();
        Graph bounds = new Graphs()
                .constant("low", Tensor.scalar(-0.5f))
                .constant("high", Tensor.scalar(0.5f))
                .node("Max", "a", "x", "low")
                .node("Min", "y", "a", "high")
                .build();
        for (Graph graph : List.of(relu6, bounds)) {
            Graph fused = apply(new FuseClip(), graph);
            assertEquals(List.of("Clip"), Graphs.ops(fused));
            assertArrayEquals(Graphs.run(graph), Graphs.run(fused));
        }
    }

    @Test
    void boundsThatAreSharedOrNoNumbersStay() {
        Graph shared = new Graphs()
                .constant("six", Tensor.scalar(6))
                .node("Relu", "a", "x")
                .node("Min", "b", "a", "six")
                .node("Add", "y", "a", "b")
                .build();
        assertTrue(Graphs.ops(apply(new FuseClip(), shared)).contains("Relu"));
        Graph tensors =
                new Graphs().node("Relu", "a", "x").node("Min", "y", "a", "x").build();
        assertFalse(Graphs.ops(apply(new FuseClip(), tensors)).contains("Clip"));
    }

    private static Graph apply(RewriteRule rule, Graph graph) {
        return GraphPass.applyAll(List.of(new RulePass(rule)), graph);
    }

    private static void assertClose(float[] expected, float[] actual) {
        assertArrayEquals(expected, actual, 1e-4f);
        float spread = 0;
        for (float value : expected) {
            spread = Math.max(spread, Math.abs(value));
        }
        assertTrue(spread > 0.1f, "values too small to compare");
    }
}
