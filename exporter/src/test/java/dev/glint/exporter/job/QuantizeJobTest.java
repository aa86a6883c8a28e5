package dev.glint.exporter.job;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.quantize.QuantizedModel;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.testing.Graphs;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import org.junit.jupiter.api.Test;

class QuantizeJobTest {
    private static final Graph CONVOLUTION =
            new Graphs().convolution("y", "x", 2, 3, true).build(4);

    @Test
    void modelOfWhichNothingFusesIsNoQuantizedModel() {
        QuantizedModel model = QuantizedModel.of(CONVOLUTION, Profile.int8(Head.FLOAT), unfused -> unfused, 2, 6, 6);
        GlintException failure =
                assertThrows(GlintException.class, () -> QuantizeJob.requireIntegerNodes(model.plan(), Head.INTEGER));
        assertEquals(Reason.GATE, failure.reason());
        assertTrue(failure.getMessage().contains("fuses nothing"), failure.getMessage());
        QuantizationPlan fused =
                QuantizedModel.of(CONVOLUTION, Head.FLOAT, 2, 6, 6).plan();
        assertDoesNotThrow(() -> QuantizeJob.requireIntegerNodes(fused, Head.INTEGER));
    }
}
