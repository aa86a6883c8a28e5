package dev.glint.onnx.quantize.correct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.onnx.testing.Graphs;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveRoundingTest {
    private static final Map<String, Attribute> PADDED = Map.of("pads", Attribute.integers(List.of(1L, 1L, 1L, 1L)));

    private static double objective(double[] exact, int[] integers, float[][] moments) {
        double sum = 0;
        for (int i = 0; i < exact.length; i++) {
            for (int j = 0; j < exact.length; j++) {
                sum += (integers[i] - exact[i]) * moments[i][j] * (integers[j] - exact[j]);
            }
        }
        return sum;
    }

    /** Second moments of vectors whose elements go together. */
    private static float[][] moments(Random random, int size) {
        float[][] moments = new float[size][size];
        for (int n = 0; n < 3 * size; n++) {
            double common = random.nextGaussian();
            double[] x = random.doubles(size).map(own -> own + common).toArray();
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    moments[i][j] += (float) (x[i] * x[j]);
                }
            }
        }
        return moments;
    }

    @Test
    void theOutputsErrorNeverRisesAndMostlyFalls() {
        Random random = new Random(5);
        int lower = 0;
        for (int trial = 0; trial < 50; trial++) {
            double[] exact = random.doubles(24, -9, 9).toArray();
            int[] nearest = Arrays.stream(exact)
                    .mapToInt(value -> (int) Math.rint(value))
                    .toArray();
            float[][] moments = moments(random, exact.length);
            int[] rounded = RoundingDescent.round(exact, nearest, -8, 8, moments);
            double before = objective(exact, nearest, moments);
            double after = objective(exact, rounded, moments);
            assertTrue(after <= before * (1 + 1e-6), before + " to " + after);
            lower += after < before / 2 ? 1 : 0;
            for (int i = 0; i < exact.length; i++) {
                assertTrue(Math.abs(rounded[i]) <= 8 || rounded[i] == nearest[i], "outside the scheme");
            }
        }
        assertTrue(lower > 25, lower + " of 50 halved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"int8", "int8-per-tensor"})
    void aLayerErrsLess(String profile) {
        Graph graph = new Graphs()
                .floats("a.w", 16, 2, 3, 3)
                .floats("a.b", 16)
                .node("Conv", "a", PADDED, "x", "a.w", "a.b")
                .node("Relu", "r", "a")
                .floats("y.w", 4, 16, 3, 3)
                .node("Conv", "y", PADDED, "r", "y.w")
                .build();
        QuantizationDraft draft =
                Drafts.draft(graph, Profile.named(profile, Head.FLOAT).orElseThrow());
        QuantizationDraft rounded = new AdaptiveRounding().correct(draft, Drafts.NOISE);
        double before = Drafts.error(draft, draft.floats());
        double after = Drafts.error(rounded, draft.floats());
        assertTrue(after < before, before + " to " + after);
    }

    @Test
    void patchesAreThoseOfTheConvolution() {
        Map<String, Attribute> strided = Map.of(
                "group", Attribute.integer(2),
                "strides", Attribute.integers(List.of(2L, 1L)),
                "pads", Attribute.integers(List.of(0L, 0L, 1L, 0L)));
        Graph graph = new Graphs()
                .floats("w", 2, 1, 2, 1)
                .node("Conv", "y", strided, "x", "w")
                .build();
        GraphIndex index = new GraphIndex(graph);
        Layer layer = Layer.read(graph.nodes().get(0), index::constant).orElseThrow();
        PatchMoments moments = new PatchMoments(layer);
        // One column of one picture: 1 over 2 over 3, and a zero below; places 0 and 2 are looked at.
        for (int i = 0; i < 200; i++) {
            moments.add(FloatBuffer.wrap(new float[] {1, 2, 3, 10, 20, 30}), 1, 2, 3, 1);
        }
        assertEquals(2, moments.mean(0)[0], 0.2);
        assertEquals(1, moments.mean(0)[1], 0.2);
        assertEquals(20, moments.mean(1)[0], 2);
        assertEquals(-1, moments.covariance(0)[0][1], 0.1);
        assertEquals(100, moments.covariance(1)[1][1], 10);
    }

    @Test
    void integersOfAnUnknownLayoutAreLeft() {
        Graph graph = new Graphs()
                .floats("w", 2, 2, 3, 3)
                .node("Conv", "y", Map.of("auto_pad", new Attribute.Text("SAME_UPPER")), "x", "w")
                .build();
        QuantizationDraft draft = Drafts.draft(graph, Profile.int8(Head.FLOAT));
        Map<String, Tensor> rounded =
                new AdaptiveRounding().correct(draft, Drafts.NOISE).roundedWeights();
        assertEquals(Map.of(), rounded);
    }
}
