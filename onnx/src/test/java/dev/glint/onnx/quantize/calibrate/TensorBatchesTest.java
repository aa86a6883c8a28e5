package dev.glint.onnx.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.NumberedTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TensorBatchesTest {
    private static final Graph RELU = new Graphs().node("Relu", "y", "x").build();
    private static final OnnxModel ANY_BATCH = OnnxModel.fromGraph(RELU, Map.of());

    @Test
    void everyPictureIsSeenOnceAndInItsOrder() {
        assertSeen(ANY_BATCH, 5, List.of(5L));
        assertSeen(ANY_BATCH, 32, List.of(32L));
        assertSeen(ANY_BATCH, 70, List.of(32L, 32L, 6L));
    }

    @Test
    void aModelOfOnePictureSeesThemOneByOne() {
        ValueInfo one = new ValueInfo(
                "x",
                ElementType.FLOAT,
                List.of(
                        new Dimension.Fixed(1),
                        new Dimension.Fixed(2),
                        new Dimension.Fixed(6),
                        new Dimension.Fixed(6)));
        OnnxModel single = OnnxModel.fromGraph(
                new Graph("single", List.of(one), RELU.outputs(), RELU.nodes(), RELU.initializers()), Map.of());
        assertSeen(single, 11, IntStream.range(0, 11).mapToObj(i -> 1L).toList());
    }

    @Test
    void largePicturesComeInSmallBatches() {
        assertEquals(21, TensorBatches.size(ANY_BATCH, new NumberedTensors(9, 3, 32, 32)));
        assertEquals(1, TensorBatches.size(ANY_BATCH, new NumberedTensors(9, 3, 2000, 2000)));
    }

    private static void assertSeen(OnnxModel model, int size, List<Long> batches) {
        List<Long> sizes = new ArrayList<>();
        List<Float> seen = new ArrayList<>();
        TensorBatches.visit(model, new NumberedTensors(size, 2, 6, 6), (tensor, shape) -> {
            assertArrayEquals(new long[] {shape[0], 2, 6, 6}, shape);
            assertEquals(shape[0] * 2 * 6 * 6, tensor.remaining());
            sizes.add(shape[0]);
            for (int n = 0; n < shape[0]; n++) {
                float first = tensor.get(n * 2 * 6 * 6);
                assertEquals(first, tensor.get((n + 1) * 2 * 6 * 6 - 1));
                seen.add(first);
            }
        });
        assertEquals(batches, sizes);
        assertEquals(IntStream.range(0, size).mapToObj(i -> (float) i).toList(), seen);
    }
}
