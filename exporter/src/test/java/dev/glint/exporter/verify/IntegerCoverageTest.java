package dev.glint.exporter.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.exporter.verify.IntegerCoverage.Share;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.quantize.QuantizedModel;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.testing.Graphs;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IntegerCoverageTest {
    private static final long POSITIONS = 36;

    /** A softplus has no integer form: float, between two conversions; two transpositions lead to channels last and back. */
    @Test
    void stepsBetweenIntegersAreCounted() throws IOException {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 3, true)
                .node("Softplus", "b", "a")
                .convolution("y", "b", 3, 4, true)
                .build(4);
        IntegerCoverage coverage = measured(graph);
        long weights = 2 * 3 * 9 + 3 * 4 * 9;
        assertEquals(new Share(weights, weights), coverage.weights());
        assertEquals(new Share(POSITIONS * weights, POSITIONS * weights), coverage.multiplyAdds());
        assertEquals(1, coverage.nodes().total() - coverage.nodes().integers());
        assertEquals(4, coverage.conversions());
    }

    @Test
    void productsInFloatAreCountedAsSuch() throws IOException {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 3, true)
                .floats("w", 6, 5)
                .node("MatMul", "b", "a", "w")
                .floats("v", 5, 7)
                .node("MatMul", "y", "b", "v")
                .build(4);
        IntegerCoverage coverage = measured(graph);
        assertEquals(new Share(2 * 3 * 9, 2 * 3 * 9 + 30 + 35), coverage.weights());
        assertEquals(
                new Share(POSITIONS * 2 * 3 * 9, POSITIONS * 2 * 3 * 9 + 3 * 6 * 30 + 3 * 6 * 35),
                coverage.multiplyAdds());
    }

    /** A zero point in the middle keeps the ReLU where it is, so the convolution before it multiplies floats. */
    @Test
    void whatDoesNotFuseIsNoInteger() throws IOException {
        Graph graph = new Graphs()
                .encodedConvolution()
                .node("Relu", "b", "a")
                .node("QuantizeLinear", "bq", "b", "s", "z")
                .node("DequantizeLinear", "y", "bq", "s", "z")
                .build();
        IntegerCoverage coverage = IntegerCoverage.measure(OnnxModel.fromGraph(graph, Map.of()));
        assertEquals(0, coverage.multiplyAdds().integers());
        assertEquals(0, coverage.nodes().integers());
    }

    @Test
    void floatModelsHaveNone() throws IOException {
        Graph graph = new Graphs().convolution("y", "x", 2, 3, true).build(4);
        IntegerCoverage coverage = IntegerCoverage.measure(OnnxModel.fromGraph(graph, Map.of()));
        assertEquals(0, coverage.weights().integers());
        assertEquals(0, coverage.conversions());
    }

    private static IntegerCoverage measured(Graph graph) throws IOException {
        return IntegerCoverage.measure(
                QuantizedModel.of(graph, Head.FLOAT, 2, 6, 6).integers());
    }
}
