package dev.glint.onnx.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.testing.Graphs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShapeInferenceTest {
    @Test
    void sizesFollowFromConstantScales() {
        Graphs scales = new Graphs().constant("s", Tensor.floats(List.of(4L), 1, 1, 1.5f, 0.4f));
        Graph graph = scales.node("Upsample", "a", "x", "s")
                .node("Resize", "b", "x", "s")
                .node("Resize", "c", "x", "", "s")
                .node("Resize", "y", Map.of("axes", Attribute.integers(List.of(2L, 3L))), "x", "", "s")
                .build();
        Shapes shapes = ShapeInference.infer(graph);
        List<Size> floored = List.of(Size.BATCH, Size.fixed(2), Size.fixed(9), Size.fixed(2));
        for (String value : List.of("a", "b", "c")) {
            assertEquals(Optional.of(floored), shapes.shape(value), value);
        }
        assertEquals(Optional.empty(), shapes.shape("y"));
    }
}
