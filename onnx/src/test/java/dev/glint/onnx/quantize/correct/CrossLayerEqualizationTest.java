package dev.glint.onnx.quantize.correct;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.onnx.testing.Graphs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossLayerEqualizationTest {
    private static final Profile PER_CHANNEL = Profile.int8(Head.FLOAT);
    private static final Profile PER_TENSOR =
            Profile.named("int8-per-tensor", Head.FLOAT).orElseThrow();
    private static final Map<String, Attribute> DEPTHWISE =
            Map.of("group", Attribute.integer(3), "pads", Attribute.integers(List.of(1L, 1L, 1L, 1L)));

    private final CrossLayerEqualization equalization = new CrossLayerEqualization();

    /** Three channels of which the second is a thousand times the first, and the third a thousandth. */
    private static Graphs unequal() {
        return new Graphs()
                .constant("a.w", Tensor.floats(List.of(3L, 2L, 1L, 1L), 1, -0.5f, 1000, 300, 0.001f, 0.0005f))
                .constant("a.b", Tensor.floats(List.of(3L), 0.1f, -20, 0.0001f))
                .node("Conv", "a", "x", "a.w", "a.b");
    }

    private static Graph depthwise(String activation) {
        Graphs graph = unequal();
        graph.constant("zero", Tensor.scalar(0)).constant("six", Tensor.scalar(6));
        if (activation.equals("Clip")) {
            graph.node("Clip", "r", "a", "zero", "six");
        } else {
            graph.node(activation, "r", "a");
        }
        return graph.floats("y.w", 3, 1, 3, 3)
                .node("Conv", "y", DEPTHWISE, "r", "y.w")
                .build();
    }

    private static Graph dense() {
        return unequal()
                .node("Relu", "r", "a")
                .node("MaxPool", "p", Map.of("kernel_shape", Attribute.integers(List.of(2L, 2L))), "r")
                .floats("y.w", 4, 3, 1, 1)
                .node("Conv", "y", "p", "y.w")
                .build();
    }

    private static Layer layer(OnnxModel model, String name) {
        GraphIndex index = new GraphIndex(model.graph());
        return Layer.read(index.producer(name).orElseThrow(), index::constant).orElseThrow();
    }

    private static double largest(float[] values, int from, int count) {
        double largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }

    private static void assertSameFunction(OnnxModel before, OnnxModel after) {
        for (int picture = 0; picture < Drafts.PICTURES; picture++) {
            float[] expected = Drafts.answer(before, picture);
            double reach = largest(expected, 0, expected.length);
            assertArrayEquals(expected, Drafts.answer(after, picture), (float) (1e-6 * reach));
        }
    }

    @Test
    void weightsOfOneScaleGetTheGeometricMeanOfTheirRanges() {
        QuantizationDraft draft = Drafts.draft(depthwise("Relu"), PER_TENSOR);
        OnnxModel equalized = equalization.correct(draft, Drafts.NOISE).floats();
        assertSameFunction(draft.floats(), equalized);
        float[] made = layer(draft.floats(), "a").weight().toFloats();
        float[] taken = layer(draft.floats(), "y").weight().toFloats();
        for (int c = 0; c < 3; c++) {
            double mean = Math.sqrt(largest(made, 2 * c, 2) * largest(taken, 9 * c, 9));
            assertEquals(mean, largest(layer(equalized, "a").weight().toFloats(), 2 * c, 2), 1e-5 * mean);
            assertEquals(mean, largest(layer(equalized, "y").weight().toFloats(), 9 * c, 9), 1e-5 * mean);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Relu", "Identity"})
    void channelsBeforeADepthwiseLayerFillOneRange(String activation) {
        QuantizationDraft draft = Drafts.draft(depthwise(activation), PER_CHANNEL);
        OnnxModel equalized = equalization.correct(draft, Drafts.NOISE).floats();
        assertSameFunction(draft.floats(), equalized);
        ChannelMoments seen =
                ChannelMoments.measure(equalized, Map.of("r", 3), Drafts.NOISE).get("r");
        assertEquals(1, seen.reach(0) / seen.reach(1), 1e-5);
        assertEquals(1, seen.reach(2) / seen.reach(1), 1e-5);
    }

    @Test
    void aLayerThatMixesChannelsBalancesThem() {
        QuantizationDraft draft = Drafts.draft(dense(), PER_CHANNEL);
        QuantizationDraft equalized = equalization.correct(draft, Drafts.NOISE);
        assertSameFunction(draft.floats(), equalized.floats());
        double before = Drafts.error(draft, draft.floats());
        double after = Drafts.error(Drafts.calibrated(equalized), draft.floats());
        assertTrue(after <= before, before + " to " + after);
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "int8-per-tensor"})
    void channelsThatReachAClipsBoundStayAndOthersKeepBelowIt(String profile) {
        QuantizationDraft draft = Drafts.draft(
                depthwise("Clip"), Profile.named(profile, Head.FLOAT).orElseThrow());
        OnnxModel equalized = equalization.correct(draft, Drafts.NOISE).floats();
        assertSameFunction(draft.floats(), equalized);
        float[] before = layer(draft.floats(), "a").weight().toFloats();
        float[] after = layer(equalized, "a").weight().toFloats();
        assertEquals(before[2], after[2], 1e-3, "1000 times noise reaches 6");
        assertTrue(after[4] > before[4] * 2, "a thousandth of noise does not: " + after[4]);
        ChannelMoments seen =
                ChannelMoments.measure(equalized, Map.of("a", 3), Drafts.NOISE).get("a");
        assertTrue(seen.max(2) < 6, () -> "reaches " + seen.max(2));
    }

    @Test
    void whatTwoTakeStays() {
        Graph graph = unequal()
                .node("Relu", "r", "a")
                .floats("y.w", 3, 1, 3, 3)
                .node("Conv", "b", DEPTHWISE, "r", "y.w")
                .node("Add", "y", "b", "r")
                .build();
        QuantizationDraft draft = Drafts.draft(graph, PER_TENSOR);
        assertEquals(List.of(), LayerPair.find(new GraphIndex(graph)));
        assertSame(
                draft.floats().graph().initializers().get("a.w"),
                equalization
                        .correct(draft, Drafts.NOISE)
                        .floats()
                        .graph()
                        .initializers()
                        .get("a.w"));
    }

    @Test
    void whatIsNotProportionalStays() {
        assertEquals(List.of(), LayerPair.find(new GraphIndex(depthwise("Sigmoid"))));
    }
}
