package dev.glint.onnx.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.glint.onnx.graph.Tensor;
import dev.glint.trainer.engine.TorchEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecorderTest {
    @Test
    void parameterIsCopiedOnceForAllTraces() {
        Map<String, Tensor> weights = new HashMap<>();
        try (NDManager manager = TorchEngine.newManager(1)) {
            NDArray weight = manager.ones(new Shape(2, 3));
            Recorder one = new Recorder(List.of("w"), weights);
            Recorder other = new Recorder(List.of("w"), weights);
            assertEquals("w", one.value(RecordedArray.parameter(weight, "w")));
            other.value(RecordedArray.parameter(weight, "w"));
            assertSame(one.initializers().get("w"), other.initializers().get("w"));
        }
    }

    @Test
    void constantIsWrittenInItsOwnOrder() {
        try (NDManager manager = TorchEngine.newManager(1)) {
            NDArray turned = manager.arange(6f).reshape(2, 3).transpose();
            Tensor tensor = Recorder.tensor(turned);
            assertEquals(List.of(3L, 2L), tensor.shape());
            assertEquals(3f, tensor.toFloats()[1], "row by row, whatever the engine's memory looks like");
        }
    }
}
