package dev.glint.onnx.normalize;

import static dev.glint.onnx.normalize.Rules.keeps;
import static dev.glint.onnx.normalize.Rules.leaves;
import static dev.glint.onnx.normalize.Rules.longs;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.pass.RulePass;
import dev.glint.onnx.testing.Graphs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows, their padding, and averages. */
class WindowRulesTest {
    private static final Tensor PADS = Tensor.longs(0, 0, 1, 0, 0, 0, 0, 1);
    private static final Map<String, Attribute> WINDOW = Map.of("kernel_shape", longs(3, 3), "strides", longs(2, 2));

    @Test
    void paddingGoesIntoConvolutionsAndAverages() {
        Graph convolution = leaves(
                new PadIntoWindow(),
                List.of("Conv"),
                new Graphs()
                        .constant("pads", PADS)
                        .node("Pad", "a", "x", "pads")
                        .convolution("y", "a", 2, 3, true));
        assertEquals(
                List.of(2L, 1L, 1L, 2L),
                convolution.nodes().get(0).integers("pads").orElseThrow());
        leaves(
                new PadIntoWindow(),
                List.of("AveragePool"),
                new Graphs()
                        .constant("pads", PADS)
                        .node("Pad", "a", "x", "pads")
                        .node("AveragePool", "y", WINDOW, "a"));
    }

    @Test
    void paddingOfAMaximumMustBeTheLowest() {
        leaves(
                new PadIntoWindow(),
                List.of("Relu", "MaxPool"),
                new Graphs()
                        .constant("pads", PADS)
                        .node("Relu", "r", "x")
                        .node("Pad", "a", "r", "pads")
                        .node("MaxPool", "y", WINDOW, "a"));
        leaves(
                new PadIntoWindow(),
                List.of("MaxPool"),
                new Graphs()
                        .constant("pads", PADS)
                        .constant("lowest", Tensor.scalar(-Float.MAX_VALUE))
                        .node("Pad", "a", "x", "pads", "lowest")
                        .node("MaxPool", "y", WINDOW, "a"));
        keeps(
                new PadIntoWindow(),
                new Graphs()
                        .constant("pads", PADS)
                        .node("Pad", "a", "x", "pads")
                        .node("MaxPool", "y", WINDOW, "a"));
    }

    @Test
    void otherPaddingStays() {
        keeps(
                new PadIntoWindow(),
                new Graphs()
                        .constant("pads", PADS)
                        .constant("one", Tensor.scalar(1))
                        .node("Pad", "a", "x", "pads", "one")
                        .convolution("y", "a", 2, 3, true));
        keeps(
                new PadIntoWindow(),
                new Graphs()
                        .constant("pads", Tensor.longs(0, 0, -1, 0, 0, 0, 0, 0))
                        .node("Pad", "a", "x", "pads")
                        .convolution("y", "a", 2, 3, true));
        keeps(
                new PadIntoWindow(),
                new Graphs()
                        .constant("pads", Tensor.longs(0, 1, 0, 0, 0, 0, 0, 0))
                        .node("Pad", "a", "x", "pads")
                        .convolution("y", "a", 3, 3, true));
        keeps(
                new PadIntoWindow(),
                new Graphs()
                        .constant("pads", PADS)
                        .node("Pad", "a", Map.of("mode", new Attribute.Text("reflect")), "x", "pads")
                        .convolution("y", "a", 2, 3, true));
        Map<String, Attribute> uncounted = Map.of("kernel_shape", longs(3, 3), "pads", longs(1, 1, 1, 1));
        keeps(
                new PadIntoWindow(),
                new Graphs()
                        .constant("pads", PADS)
                        .node("Pad", "a", "x", "pads")
                        .node("AveragePool", "y", uncounted, "a"));
    }

    @ParameterizedTest
    @CsvSource({"SAME_UPPER, 1", "SAME_LOWER, 1", "SAME_UPPER, 2", "SAME_LOWER, 2", "SAME_UPPER, 4", "VALID, 2"})
    void automaticPaddingIsSaid(String mode, long stride) {
        Map<String, Attribute> settings = Map.of(
                "auto_pad", new Attribute.Text(mode),
                "kernel_shape", longs(3, 4),
                "strides", longs(stride, 1));
        for (String op : List.of("MaxPool", "AveragePool")) {
            Graph graph = leaves(new ExplicitPads(), List.of(op), new Graphs().node(op, "y", settings, "x"));
            assertEquals("", graph.nodes().get(0).text("auto_pad", ""));
        }
        Map<String, Attribute> convolution = Map.of("auto_pad", new Attribute.Text(mode), "strides", longs(stride, 2));
        leaves(
                new ExplicitPads(),
                List.of("Conv"),
                new Graphs().floats("w", 3, 2, 4, 3).node("Conv", "y", convolution, "x", "w"));
    }

    @Test
    void dilatedWindowsArePaddedForTheirReach() {
        Map<String, Attribute> settings =
                Map.of("auto_pad", new Attribute.Text("SAME_UPPER"), "dilations", longs(2, 1), "strides", longs(1, 2));
        Graph graph = new Graphs()
                .floats("w", 3, 2, 2, 3)
                .node("Conv", "y", settings, "x", "w")
                .build();
        // By the specification; ONNX Runtime has no automatic padding with dilations.
        Node padded = GraphPass.applyAll(List.of(new RulePass(new ExplicitPads())), graph)
                .nodes()
                .get(0);
        assertEquals(List.of(1L, 0L, 1L, 1L), padded.integers("pads").orElseThrow());
    }

    @Test
    void averagesOverAllPixelsAreGlobal() {
        leaves(
                new GlobalAverage(),
                List.of("GlobalAveragePool"),
                new Graphs().node("ReduceMean", "y", Map.of("axes", longs(-1, 2)), "x"));
        leaves(
                new GlobalAverage(),
                List.of("GlobalAveragePool", "Flatten"),
                new Graphs()
                        .node("ReduceMean", "y", Map.of("axes", longs(2, 3), "keepdims", Attribute.integer(0)), "x"));
        leaves(
                new GlobalAverage(),
                List.of("GlobalAveragePool"),
                new Graphs().node("AveragePool", "y", Map.of("kernel_shape", longs(6, 6)), "x"));
        keeps(new GlobalAverage(), new Graphs().node("ReduceMean", "y", Map.of("axes", longs(1, 2)), "x"));
        keeps(new GlobalAverage(), new Graphs().node("AveragePool", "y", Map.of("kernel_shape", longs(6, 5)), "x"));
    }
}
