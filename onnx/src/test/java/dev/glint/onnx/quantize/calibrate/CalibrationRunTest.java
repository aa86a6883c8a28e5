package dev.glint.onnx.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.NumberedTensors;
import dev.glint.onnx.testing.RandomTensors;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CalibrationRunTest {
    private static final int PLANE = 6 * 6;
    private static final OnnxModel RELU =
            OnnxModel.fromGraph(new Graphs().node("Relu", "y", "x").build(), Map.of());

    @Test
    void someOfThePicturesAreSpreadEvenly() {
        assertEquals(List.of(0f, 25f, 50f, 75f), observed(100, 4));
        assertEquals(List.of(0f, 1f, 2f), observed(3, 4));
    }

    private static List<Float> observed(int size, int some) {
        List<Float> seen = Collections.synchronizedList(new ArrayList<>());
        new CalibrationRun(new NumberedTensors(size, 2, 6, 6), done -> {})
                .observeSome(RELU, Set.of("y"), some, (value, elements, shape) -> {
                    for (int n = 0; n < shape[0]; n++) {
                        seen.add(elements.get(n * 2 * PLANE));
                    }
                });
        return seen;
    }

    @Test
    void channelsHaveTheMeansOfTheirElementsInAllPictures() {
        TensorSource pictures = new RandomTensors(70, 1, 2, 6, 6);
        double[] given = new double[2];
        double[] positive = new double[2];
        FloatBuffer tensor = FloatBuffer.allocate(2 * PLANE);
        for (int i = 0; i < pictures.size(); i++) {
            pictures.put(i, tensor.clear());
            for (int e = 0; e < 2 * PLANE; e++) {
                given[e / PLANE] += tensor.get(e) / (70.0 * PLANE);
                positive[e / PLANE] += Math.max(0, tensor.get(e)) / (70.0 * PLANE);
            }
        }

        List<Integer> progress = new ArrayList<>();
        Map<String, float[]> means = new CalibrationRun(pictures, progress::add).channelMeans(RELU, Set.of("x", "y"));

        assertMeans(given, means.get("x"));
        assertMeans(positive, means.get("y"));
        assertEquals(List.of(32, 64, 70), progress);
    }

    private static void assertMeans(double[] expected, float[] means) {
        assertArrayEquals(expected, new double[] {means[0], means[1]}, 1e-6);
    }
}
