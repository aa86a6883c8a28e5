package dev.glint.onnx.normalize;

import static dev.glint.onnx.normalize.Rules.longs;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.foreign.ForeignModel;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.testing.Graphs;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The ends of a graph, and all rules together. */
class NormalizerTest {
    private static final NormalizeOptions AS_IN_FILE = NormalizeOptions.asInFile();

    @Test
    void rulesWorkTogether() {
        Graph graph = classifier(new Graphs()
                .convolution("a", "x", 2, 4, false)
                .batchNorm("b", "a", 4)
                .node("Relu", "c", "b")
                .node("Identity", "d", "c")
                .node("GlobalAveragePool", "e", "d"));
        Normalized normalized = Normalizer.normalize(foreign(graph, 17), AS_IN_FILE);
        assertEquals(List.of("Conv", "Relu", "GlobalAveragePool", "Flatten"), Graphs.ops(graph(normalized)));
        assertEquals(
                List.of("constant-reshape 1", "remove-identity 1", "fold-batch-norm 1", "remove-dead-code 1"),
                normalized.rules().stream()
                        .map(rule -> rule.name() + " " + rule.times())
                        .toList());
        assertEquals(OnnxModel.OPSET, normalized.model().opsets().get(""));
        Rules.assertSameResult(graph, graph(normalized));
    }

    @Test
    void outputSaysItsShape() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 4, true)
                .node("GlobalAveragePool", "y", "a")
                .build();
        ValueInfo output = graph(Normalizer.normalize(foreign(graph, 17), AS_IN_FILE))
                .outputs()
                .get(0);
        assertEquals(List.of(new Dimension.Free("N"), new Dimension.Fixed(4)), output.shape());
        assertEquals("y", output.name());
    }

    @Test
    void oneOfSeveralOutputsIsNamed() {
        Graph graph = classifier(new Graphs().node("GlobalAveragePool", "e", "x"));
        ValueInfo other = new ValueInfo("e", ElementType.FLOAT, null);
        Graph both = graph.withOutputs(List.of(graph.outputs().get(0), other));
        refused(Reason.USAGE, "the outputs [y, e]", both, AS_IN_FILE);
        refused(Reason.USAGE, "no output z, but [y, e]", both, AS_IN_FILE.withOutput("z"));
        Graph chosen = graph(Normalizer.normalize(foreign(both, 17), AS_IN_FILE.withOutput("e")));
        assertEquals(List.of("GlobalAveragePool", "Flatten"), Graphs.ops(chosen));
    }

    @Test
    void outputsThatAreNoRowsAreRefused() {
        Graph graph = new Graphs().convolution("y", "x", 2, 4, true).build();
        refused(Reason.MODEL, "the output y of shape [N, 4, 6, 6]", graph, AS_IN_FILE);
        Graph unknown = new Graphs().node("Tile", "y", "x", "x").build();
        refused(Reason.MODEL, "unknown, as it is behind Tile y", unknown, AS_IN_FILE);
    }

    @Test
    void sizesThatAreFreeMustBeSaid() {
        Graph free = withInput(classifier(new Graphs().node("GlobalAveragePool", "e", "x")), 1, 2, -1, -1);
        refused(Reason.USAGE, "takes pictures of any size", free, AS_IN_FILE);
        refused(Reason.USAGE, "a size of 3", free, AS_IN_FILE.withInputShape(List.of(-1L, 3L, 8L, 8L)));
        refused(Reason.USAGE, "4 sizes", free, AS_IN_FILE.withInputShape(List.of(3L, 8L, 8L)));
        NormalizeOptions eight = AS_IN_FILE.withInputShape(List.of(-1L, -1L, 8L, 8L));
        assertEquals(
                List.of(new Dimension.Free("N"), fixed(2), fixed(8), fixed(8)),
                graph(Normalizer.normalize(foreign(free, 17), eight))
                        .inputs()
                        .get(0)
                        .shape());
        Graph absurd = withInput(free, 1, 2, 1L << 40, 8);
        refused(Reason.MODEL, "a size of 1099511627776", absurd, AS_IN_FILE);
    }

    @Test
    void inputsAreOneBatchOfPictures() {
        Graph graph = classifier(new Graphs().node("GlobalAveragePool", "e", "x"));
        refused(Reason.MODEL, "expected pictures", withInput(graph, 1, 2), AS_IN_FILE);
        ValueInfo more = new ValueInfo("more", ElementType.FLOAT, List.of(fixed(1)));
        Graph unused = new Graph(
                "g", List.of(more, graph.inputs().get(0)), graph.outputs(), graph.nodes(), graph.initializers());
        assertEquals(
                1,
                graph(Normalizer.normalize(foreign(unused, 17), AS_IN_FILE))
                        .inputs()
                        .size());
        Node sum = new Node("sum", "Add", List.of("x", "more"), List.of("s"), Map.of());
        Node pool = graph.nodes().get(0).withInput(0, "s");
        Graph used = unused.withNodes(List.of(sum, pool, graph.nodes().get(1)));
        refused(Reason.MODEL, "2 inputs (more FLOAT [1], x FLOAT [N, 2, 6, 6])", used, AS_IN_FILE);
    }

    @Test
    void batchBecomesFreeOrStaysOne() {
        Graphs nodes = new Graphs().constant("t", Tensor.longs(1, 72)).node("Reshape", "y", "x", "t");
        Graph fixed = withInput(nodes.build(), 1, 2, 6, 6);
        Graph free = graph(Normalizer.normalize(foreign(fixed, 17), AS_IN_FILE));
        assertEquals(List.of("Flatten"), Graphs.ops(free));
        assertEquals(new Dimension.Free("N"), free.inputs().get(0).shape().get(0));
        assertEquals(3 * 72, Graphs.run(free).length);
        Graph one = graph(Normalizer.normalize(foreign(fixed, 17), AS_IN_FILE.withOnePicture()));
        assertEquals(List.of(fixed(1), fixed(72)), one.outputs().get(0).shape());
        assertEquals(fixed(1), one.inputs().get(0).shape().get(0));
    }

    @Test
    void channelsMoveFirst() {
        Map<String, Attribute> order = Map.of("perm", longs(0, 3, 1, 2));
        Graph graph = withInput(
                classifier(new Graphs()
                        .constant("mean", Tensor.floats(List.of(3L), 1, 2, 3))
                        .node("Sub", "a", "x", "mean")
                        .node("Transpose", "b", order, "a")
                        .floats("w", 4, 3, 3, 3)
                        .node("Conv", "c", "b", "w")
                        .node("GlobalAveragePool", "e", "c")),
                -1,
                6,
                5,
                3);
        Normalized normalized = Normalizer.normalize(foreign(graph, 15), AS_IN_FILE);
        assertTrue(normalized.channelsMovedFirst());
        assertEquals(List.of("Conv", "GlobalAveragePool", "Flatten"), Graphs.ops(graph(normalized)));
        assertEquals(
                List.of(new Dimension.Free("N"), fixed(3), fixed(6), fixed(5)),
                graph(normalized).inputs().get(0).shape());
        float[] last = new float[90];
        float[] first = new float[90];
        for (int i = 0; i < last.length; i++) {
            last[i] = (float) Math.sin(i);
            first[i % 3 * 30 + i / 3] = last[i];
        }
        assertArrayEquals(
                TestSession.run(foreign(graph, 15).model(), new long[] {1, 6, 5, 3}, last, "y"),
                TestSession.run(normalized.model(), new long[] {1, 3, 6, 5}, first, "y"),
                1e-5f);
    }

    @Test
    void realsOfOtherPrecisionsBecomeFloats() {
        Map<String, Attribute> toHalf = Map.of("to", Attribute.integer(ElementType.FLOAT16.code()));
        Map<String, Attribute> toFloat = Map.of("to", Attribute.integer(ElementType.FLOAT.code()));
        // 1.5, -2, the smallest number above 0 and the largest in half precision.
        byte[] halves = {0, 0x3e, 0, (byte) 0xc0, 1, 0, (byte) 0xff, 0x7b};
        Graph graph = classifier(new Graphs()
                .constant("w", new Tensor(ElementType.FLOAT16, List.of(2L, 2L, 1L, 1L), halves))
                .node("Cast", "a", toHalf, "x")
                .node("Conv", "b", "a", "w")
                .node("Cast", "c", toFloat, "b")
                .node("GlobalAveragePool", "e", "c"));
        Graph floats = graph(Normalizer.normalize(foreign(graph, 17), AS_IN_FILE));
        assertEquals(List.of("Conv", "GlobalAveragePool", "Flatten"), Graphs.ops(floats));
        float[] weights = floats.initializers().get("w").toFloats();
        assertArrayEquals(new float[] {1.5f, -2, 0x1p-24f, 65504}, weights);
    }

    private static Graph classifier(Graphs nodes) {
        return nodes.constant("rows", Tensor.longs(0, -1))
                .node("Reshape", "y", "e", "rows")
                .build();
    }

    private static Dimension fixed(long size) {
        return new Dimension.Fixed(size);
    }

    /** The graph with an input of these sizes; -1 is free. */
    private static Graph withInput(Graph graph, long... sizes) {
        List<Dimension> shape = new ArrayList<>();
        for (long size : sizes) {
            shape.add(size < 0 ? new Dimension.Free("") : fixed(size));
        }
        ValueInfo input = new ValueInfo("x", ElementType.FLOAT, shape);
        return new Graph("g", List.of(input), graph.outputs(), graph.nodes(), graph.initializers());
    }

    private static ForeignModel foreign(Graph graph, long opset) {
        return new ForeignModel(
                new OnnxModel(graph, "test", "1", new TreeMap<>(Map.of("", opset)), Map.of()), true, List.of());
    }

    private static Graph graph(Normalized normalized) {
        return normalized.model().graph();
    }

    private static void refused(Reason reason, String found, Graph graph, NormalizeOptions options) {
        GlintException refused =
                assertThrows(GlintException.class, () -> Normalizer.normalize(foreign(graph, 17), options));
        assertTrue(String.valueOf(refused.getMessage()).contains(found), refused::getMessage);
        assertEquals(reason, refused.reason());
    }
}
