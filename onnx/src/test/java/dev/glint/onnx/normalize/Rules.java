package dev.glint.onnx.normalize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.pass.RemoveDeadCode;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.pass.RulePass;
import dev.glint.onnx.testing.Graphs;
import java.util.Arrays;
import java.util.List;

/** A rule alone, on a graph by hand, compared by what ONNX Runtime makes of both. */
final class Rules {
    private Rules() {}

    /** The rule leaves these operators, which compute the same. */
    static Graph leaves(RewriteRule rule, List<String> ops, Graphs graph) {
        return leaves(rule, ops, graph.build());
    }

    static Graph leaves(RewriteRule rule, List<String> ops, Graph graph) {
        Graph rewritten = GraphPass.applyAll(List.of(new RulePass(rule), new RemoveDeadCode()), graph);
        assertEquals(ops, Graphs.ops(rewritten));
        assertSameResult(graph, rewritten);
        return rewritten;
    }

    static void assertSameResult(Graph graph, Graph rewritten) {
        float[] expected = Graphs.run(graph);
        float largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0.01f, "values too small to compare");
        assertArrayEquals(expected, Graphs.run(rewritten), 1e-5f * largest);
    }

    /** The rule does nothing. */
    static void keeps(RewriteRule rule, Graphs graph) {
        Graph built = graph.build();
        assertSame(built, new RulePass(rule).apply(new GraphIndex(built)));
    }

    static Attribute longs(long... values) {
        return Attribute.integers(Arrays.stream(values).boxed().toList());
    }
}
