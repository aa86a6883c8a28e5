package dev.glint.onnx.quantize.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.RandomTensors;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeldOutLogitsTest {
    private static final Graph GRAPH =
            new Graphs().convolution("y", "x", 2, 3, true).build(4);

    @Test
    void signalStandsOutOfWhatIsPutOn() {
        OnnxModel floats = OnnxModel.fromGraph(GRAPH, Map.of());
        HeldOutLogits heldOut = new HeldOutLogits(floats, new RandomTensors(37, 5, 2, 6, 6));
        assertEquals(Double.POSITIVE_INFINITY, heldOut.signalToNoise(floats));
        // All outputs a tenth larger: the error is a tenth of the signal.
        assertEquals(20, heldOut.signalToNoise(scaled(1.1f)), 0.01);
        assertEquals(0, heldOut.signalToNoise(scaled(2)), 0.01);
    }

    private static OnnxModel scaled(float factor) {
        Map<String, Tensor> initializers = new LinkedHashMap<>();
        GRAPH.initializers().forEach((name, tensor) -> {
            float[] values = tensor.toFloats();
            for (int i = 0; i < values.length; i++) {
                values[i] *= factor;
            }
            initializers.put(name, Tensor.floats(tensor.shape(), values));
        });
        return OnnxModel.fromGraph(GRAPH.withNodes(GRAPH.nodes(), initializers), Map.of());
    }
}
