package dev.glint.onnx.quantize.correct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.WeightEncoding;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.onnx.testing.Graphs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BiasCorrectionTest {
    private static final Profile INT8 = Profile.int8(Head.FLOAT);

    private static Graph chain(boolean bias) {
        return new Graphs()
                .convolution("a", "x", 2, 4, bias)
                .node("Relu", "r", "a")
                .convolution("y", "r", 4, 2, bias)
                .build();
    }

    /** The draft with each weight of its second layer, which sees nothing below 0, written a step too high. */
    private static QuantizationDraft shifted(QuantizationDraft draft) {
        GraphIndex index = new GraphIndex(draft.floats().graph());
        Layer layer =
                Layer.read(index.producer("y").orElseThrow(), index::constant).orElseThrow();
        float inputScale = draft.encodings().get("r").scale();
        WeightEncoding encoding =
                WeightEncoding.encode(layer.weight(), layer.biasPerChannel(), inputScale, INT8.weights());
        byte[] bytes = encoding.weights().data().clone();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.min(127, bytes[i] + 1);
        }
        return draft.withRoundedWeight(
                "y", new Tensor(encoding.weights().type(), encoding.weights().shape(), bytes));
    }

    private static float[] means(QuantizationDraft draft, boolean integers) {
        return Drafts.NOISE
                .channelMeans(integers ? draft.write() : draft.floats(), Set.of("y"))
                .get("y");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPlantedBiasIsRemoved(boolean bias) {
        QuantizationDraft draft = shifted(Drafts.draft(chain(bias), INT8));
        QuantizationDraft corrected = new BiasCorrection().correct(draft, Drafts.NOISE);
        float[] expected = means(draft, false);
        float[] planted = means(draft, true);
        float[] left = means(corrected, true);
        for (int c = 0; c < expected.length; c++) {
            double error = Math.abs(planted[c] - expected[c]);
            assertTrue(error > 0.1, "planted " + error);
            assertEquals(expected[c], left[c], 0.02 * error);
        }
    }

    @Test
    void constantsOfAnActivationMoveIntoTheNextBias() {
        Graph graph = new Graphs()
                .constant("a.w", Tensor.floats(List.of(2L, 2L, 1L, 1L), 1, 0, 0, 1))
                .constant("a.b", Tensor.floats(List.of(2L), 100, 0))
                .node("Conv", "a", "x", "a.w", "a.b")
                .node("Relu", "r", "a")
                .constant("y.w", Tensor.floats(List.of(1L, 2L, 1L, 1L), 0.7f, 1))
                .constant("y.b", Tensor.floats(List.of(1L), -70))
                .node("Conv", "y", "r", "y.w", "y.b")
                .build();
        QuantizationDraft draft = Drafts.draft(graph, INT8);
        QuantizationDraft absorbed = new BiasAbsorption().correct(draft, Drafts.NOISE);
        ChannelMoments seen = ChannelMoments.measure(absorbed.floats(), Map.of("a", 2), Drafts.NOISE)
                .get("a");
        assertEquals(3, seen.mean(0), 0.1, "three deviations of noise above 0");
        assertEquals(0, seen.mean(1), 0.1, "nothing to absorb");
        assertTrue(
                Drafts.error(Drafts.calibrated(absorbed), draft.floats()) < 0.1 * Drafts.error(draft, draft.floats()),
                "a range of 7 instead of 104");
    }
}
