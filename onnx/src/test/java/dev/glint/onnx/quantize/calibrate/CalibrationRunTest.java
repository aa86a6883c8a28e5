package dev.glint.onnx.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.testing.Graphs;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CalibrationRunTest {
    private static final OnnxModel RELU =
            OnnxModel.fromGraph(new Graphs().node("Relu", "y", "x").build(), Map.of());

    /** Each picture is its own number throughout. */
    private record Numbered(int size) implements TensorSource {
        @Override
        public long[] shape() {
            return new long[] {2, 6, 6};
        }

        @Override
        public void put(int index, FloatBuffer target) {
            for (int i = 0; i < 2 * 6 * 6; i++) {
                target.put(index);
            }
        }
    }

    @Test
    void someOfThePicturesAreSpreadEvenly() {
        assertEquals(List.of(0f, 25f, 50f, 75f), observed(100, 4));
        assertEquals(List.of(0f, 1f, 2f), observed(3, 4));
    }

    private static List<Float> observed(int size, int some) {
        List<Float> seen = Collections.synchronizedList(new ArrayList<>());
        new CalibrationRun(new Numbered(size), done -> {})
                .observeSome(RELU, Set.of("y"), some, (value, elements, shape) -> {
                    for (int n = 0; n < shape[0]; n++) {
                        seen.add(elements.get(n * 2 * 6 * 6));
                    }
                });
        return seen;
    }
}
