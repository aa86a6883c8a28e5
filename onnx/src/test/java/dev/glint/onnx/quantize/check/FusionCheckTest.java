package dev.glint.onnx.quantize.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.quantize.QuantizedModel;
import dev.glint.onnx.quantize.check.FusionCheck.Unfused;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.testing.Graphs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FusionCheckTest {

    @Test
    void goodPlacementPasses() {
        QuantizedModel model = convolutionAndRelu();
        assertEquals(List.of(), unfused(model.integers(), model.plan().integerNodes()));
    }

    @Test
    void zeroPointThatKeepsTheReluIsFound() {
        QuantizedModel model = convolutionAndRelu();
        Graph graph = model.integers().graph();
        Map<String, Tensor> initializers = new LinkedHashMap<>(graph.initializers());
        initializers.put("b_zero_point", new Tensor(ElementType.UINT8, List.of(), new byte[] {(byte) 128}));
        OnnxModel symmetric = model.integers().withGraph(graph.withNodes(graph.nodes(), initializers));
        assertEquals(
                List.of(
                        "DequantizeLinear a.bias_dequantize before FusedConv a",
                        "DequantizeLinear a.weight_dequantize before FusedConv a",
                        "DequantizeLinear x_dequantize before FusedConv a",
                        "QuantizeLinear b_quantize after FusedConv a"),
                unfused(symmetric, model.plan().integerNodes()).stream()
                        .sorted()
                        .toList());
        FusionCheck.unfused(
                        symmetric,
                        OnnxSession.optimized(symmetric),
                        model.plan().integerNodes())
                .forEach(found -> assertEquals(Set.of("a"), found.nodes(), found.description()));
    }

    @Test
    void conversionBetweenConvolutionAndReluIsFound() {
        Graph graph = new Graphs()
                .encodedConvolution()
                .node("QuantizeLinear", "aq", "a", "s", "z")
                .node("DequantizeLinear", "ad", "aq", "s", "z")
                .node("Relu", "b", "ad")
                .node("QuantizeLinear", "bq", "b", "s", "z")
                .node("DequantizeLinear", "y", "bq", "s", "z")
                .build();
        List<String> found = unfused(OnnxModel.fromGraph(graph, Map.of()), Set.of("a", "b"));
        assertTrue(found.stream().anyMatch(text -> text.startsWith("DequantizeLinear ad")), found::toString);
        assertTrue(found.stream().anyMatch(text -> text.startsWith("QuantizeLinear bq")), found::toString);
    }

    @Test
    void weightsWithoutActivationsAreFound() {
        Graph graph = new Graphs()
                .constant("w", new Tensor(ElementType.INT8, List.of(2L, 2L, 1L, 1L), new byte[] {1, 2, 3, 127}))
                .constant("ws", Tensor.scalar(0.01f))
                .constant("wz", new Tensor(ElementType.INT8, List.of(), new byte[1]))
                .constant("s", Tensor.scalar(0.05f))
                .constant("z", new Tensor(ElementType.UINT8, List.of(), new byte[1]))
                .node("QuantizeLinear", "xq", "x", "s", "z")
                .node("DequantizeLinear", "xd", "xq", "s", "z")
                .node("DequantizeLinear", "wd", "w", "ws", "wz")
                .node("Conv", "y", "xd", "wd")
                .build();
        List<String> found = unfused(OnnxModel.fromGraph(graph, Map.of()), Set.of("y"));
        assertEquals(2, found.size(), found::toString);
        assertTrue(found.stream().allMatch(text -> text.contains("before Conv y")), found::toString);
    }

    @Test
    void bordersToFloatStepsAreMeant() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 3, true)
                .node("Sigmoid", "b", "a")
                .convolution("c", "b", 3, 3, true)
                .node("Softplus", "y", "c")
                .build();
        QuantizedModel model = QuantizedModel.of(graph, Head.FLOAT, 2, 6, 6);
        assertEquals(List.of(), unfused(model.integers(), model.plan().integerNodes()));
        List<String> strict = unfused(model.integers(), Set.of("a", "b", "c", "y"));
        assertEquals(List.of("DequantizeLinear c_dequantize before Softplus y"), strict);
    }

    private static List<String> unfused(OnnxModel quantized, Set<String> integerNodes) {
        return FusionCheck.unfused(quantized, OnnxSession.optimized(quantized), integerNodes).stream()
                .map(Unfused::description)
                .toList();
    }

    private static QuantizedModel convolutionAndRelu() {
        Graph graph = new Graphs()
                .convolution("a", "x", 2, 3, true)
                .node("Relu", "b", "a")
                .convolution("c", "b", 3, 3, true)
                .node("Relu", "y", "c")
                .build();
        return QuantizedModel.of(graph, Head.FLOAT, 2, 6, 6);
    }
}
