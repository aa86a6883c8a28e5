package dev.glint.onnx.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.calibrate.CalibrationRun;
import dev.glint.onnx.quantize.check.HeldOutLogits;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.RandomTensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LayerAnalysisTest {
    /** A network whose second layer has an outlier among its weights, so that its other ones are lost in one step. */
    private static Graph sensitive() {
        float[] weights = new float[4 * 4];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = i % 4 == 0 ? 0.1f : 0.001f * (i % 5 - 2);
        }
        weights[1] = -60;
        return new Graphs()
                .convolution("a", "x", 2, 4, true)
                .node("Relu", "ra", "a")
                .constant("b.w", Tensor.floats(List.of(4L, 4L, 1L, 1L), weights))
                .node("Conv", "b", "ra", "b.w")
                .node("Relu", "rb", "b")
                .convolution("y", "rb", 4, 3, true)
                .build(4);
    }

    private static Quantizer quantizer(Graph graph) {
        OnnxModel floats = OnnxModel.fromGraph(graph, Map.of());
        return new Quantizer(
                floats,
                new CalibrationRun(new RandomTensors(32, 1, 2, 6, 6), done -> {}),
                Optional.of(new HeldOutLogits(floats, new RandomTensors(16, 2, 2, 6, 6))));
    }

    @Test
    void aSensitiveLayerIsFound() {
        Quantizer quantizer = quantizer(sensitive());
        Profile perTensor = Profile.named("int8-per-tensor", Head.FLOAT).orElseThrow();
        Quantizer.Result result = quantizer.quantize(QuantizerOptions.minmax(perTensor));
        assertEquals("b", quantizer.costliest(result).get(0));
        Quantizer.Result without =
                quantizer.quantize(QuantizerOptions.minmax(perTensor).withFloatNodes(Map.of("b", FloatReason.COSTLY)));
        assertTrue(
                without.decisions().decibels().orElseThrow()
                        > result.decisions().decibels().orElseThrow() + 6,
                result.decisions() + " " + without.decisions());
        assertTrue(
                without.optimized().graph().nodes().stream()
                        .anyMatch(
                                node -> node.op().contains("Conv") && !node.op().equals("QLinearConv")),
                () -> Graphs.ops(without.optimized().graph()).toString());
    }

    @Test
    void reportsSayWhatIsRoundedAndWhatIsNot() {
        Quantizer quantizer = quantizer(sensitive());
        Quantizer.Result result = quantizer.quantize(
                QuantizerOptions.minmax(Profile.int8(Head.FLOAT)).withFloatNodes(Map.of("y", FloatReason.EXCLUDED)));
        Map<String, LayerReport> reports =
                quantizer.explain(result).stream().collect(Collectors.toMap(LayerReport::name, Function.identity()));
        assertEquals(Set.of("a", "b", "y"), reports.keySet(), "what vanishes is part of its layer");
        LayerReport first = reports.get("a");
        assertEquals(Optional.empty(), first.floatReason());
        assertTrue(first.weightDecibels().orElseThrow() > 35, first::toString);
        assertTrue(first.activationDecibels().orElseThrow() > 35, first::toString);
        assertTrue(first.aloneDecibels().orElseThrow() > 20, first::toString);
        LayerReport excluded = reports.get("y");
        assertEquals(Optional.of(FloatReason.EXCLUDED), excluded.floatReason());
        assertTrue(excluded.weightDecibels().isEmpty());
        assertTrue(excluded.aloneDecibels().isEmpty());
    }
}
