package dev.glint.onnx.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.calibrate.CalibrationRun;
import dev.glint.onnx.quantize.calibrate.Calibrator;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.check.Fidelity;
import dev.glint.onnx.quantize.check.HeldOutLogits;
import dev.glint.onnx.quantize.check.HeldOutPictures;
import dev.glint.onnx.quantize.correct.Correction;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.onnx.testing.Graphs;
import dev.glint.onnx.testing.RandomTensors;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the quantiser chooses, and by what. */
class DecisionsTest {
    private static final Graph GRAPH = new Graphs()
            .convolution("a", "x", 2, 4, true)
            .node("Relu", "b", "a")
            .convolution("y", "b", 4, 3, true)
            .build(4);
    private static final OnnxModel FLOATS = OnnxModel.fromGraph(GRAPH, Map.of());
    private static final QuantizerOptions OPTIONS = QuantizerOptions.minmax(Profile.int8(Head.FLOAT));
    private static final RandomTensors PICTURES = new RandomTensors(64, 1, 2, 6, 6);
    private static final HeldOutPictures HELD_OUT = new HeldOutLogits(FLOATS, new RandomTensors(32, 2, 2, 6, 6));

    @Test
    void calibratorWithTheMostSignalIsChosen() {
        Quantizer.Result result = quantizer(new CalibrationRun(PICTURES, done -> {}))
                .quantize(OPTIONS.withCalibrators(
                        List.of(Calibrator.percentile(60), Calibrator.MINMAX, Calibrator.percentile(80))));
        assertEquals("minmax", result.decisions().calibrator());
        Map<String, Double> tried = result.decisions().calibratorDecibels();
        assertEquals(List.of("percentile=60", "minmax", "percentile=80"), List.copyOf(tried.keySet()));
        assertTrue(tried.get("percentile=60") < tried.get("percentile=80"), tried::toString);
        assertTrue(tried.get("percentile=80") < tried.get("minmax"), tried::toString);
        assertEquals(tried.get("minmax"), result.decisions().decibels().orElseThrow());
        assertEquals(tried.get("minmax"), HELD_OUT.signalToNoise(result.model()));
    }

    @Test
    void withoutOtherPicturesTheFirstCalibratorIsTakenAndNothingCorrected() {
        Quantizer.Result result = new Quantizer(FLOATS, new CalibrationRun(PICTURES, done -> {}), Optional.empty())
                .quantize(OPTIONS.withCalibrators(List.of(Calibrator.MSE, Calibrator.MINMAX))
                        .withCorrections(List.of(correction("never", draft -> draft))));
        assertEquals("mse", result.decisions().calibrator());
        assertEquals(Map.of(), result.decisions().calibratorDecibels());
        assertEquals(List.of(), result.decisions().corrections());
    }

    @Test
    void correctionIsKeptOnlyIfItRaisesTheSignal() {
        QuantizerOptions narrow = OPTIONS.withCalibrators(List.of(Calibrator.percentile(80)));
        Correction helpful = correction("wider", draft -> draft.withRanges(scaled(draft, 2)));
        Correction harmful = correction("narrower", draft -> draft.withRanges(scaled(draft, 0.25f)));
        Correction idle = correction("idle", draft -> draft);
        Quantizer.Result result = quantizer(new CalibrationRun(PICTURES, done -> {}))
                .quantize(narrow.withCorrections(List.of(harmful, helpful, idle)));
        Decisions decisions = result.decisions();
        assertFalse(decisions.correction("narrower").orElseThrow().kept());
        assertTrue(decisions.correction("wider").orElseThrow().kept());
        assertFalse(decisions.correction("idle").orElseThrow().kept());
        assertEquals(
                decisions.correction("wider").orElseThrow().decibelsAfter(),
                decisions.decibels().orElseThrow());
        assertEquals(
                HELD_OUT.signalToNoise(result.model()), decisions.decibels().orElseThrow());
    }

    @Test
    void rangesAreFoundAnewForACorrectionThatChangesActivations() {
        Correction doubled = new Correction() {
            @Override
            public String name() {
                return "doubled";
            }

            @Override
            public boolean changesActivations() {
                return true;
            }

            @Override
            public QuantizationDraft correct(QuantizationDraft draft, Measurement measurement) {
                return draft.withFloats(doubled(draft.floats()));
            }
        };
        HeldOutPictures better = new HeldOutPictures() {
            private double noise = 1;

            @Override
            public Fidelity fidelity(OnnxModel integers) {
                noise /= 2;
                return new Fidelity(new double[] {1e6, 1e6}, new double[] {noise, noise});
            }
        };
        Quantizer.Result result = new Quantizer(FLOATS, new CalibrationRun(PICTURES, done -> {}), Optional.of(better))
                .quantize(OPTIONS.withCorrections(List.of(doubled)));
        Quantizer.Result plain =
                quantizer(new CalibrationRun(PICTURES, done -> {})).quantize(OPTIONS);
        assertEquals(
                2 * plain.draft().ranges().get("b").max(),
                result.draft().ranges().get("b").max(),
                1e-4);
    }

    @Test
    void picturesAreShownOnceForSeveralResults() {
        int[] asked = {0};
        CalibrationRun run = new CalibrationRun(PICTURES, done -> asked[0] += done == PICTURES.size() ? 1 : 0);
        Quantizer quantizer = quantizer(run);
        quantizer.quantize(OPTIONS.withCalibrators(Calibrator.candidates()));
        quantizer.quantize(OPTIONS);
        assertEquals(1, asked[0]);
    }

    @Test
    void givenRangesAreTakenAndExcludedNodesStayInFloat() {
        int[] asked = {0};
        Quantizer quantizer = quantizer(new CalibrationRun(PICTURES, done -> asked[0]++));
        Map<String, Range> given = Map.of("x", new Range(-2, 3), "b", new Range(0, 7), "y", new Range(-9, 9));
        Quantizer.Result result = quantizer.quantize(OPTIONS.withGivenRanges(given));
        assertEquals(given, result.draft().ranges());
        assertEquals(0, asked[0]);
        Quantizer.Result partly = quantizer.quantize(OPTIONS.withFloatNodes(Map.of("y", FloatReason.EXCLUDED)));
        assertEquals(Map.of("y", FloatReason.EXCLUDED), partly.plan().floatNodes());
    }

    private static Quantizer quantizer(Measurement measurement) {
        return new Quantizer(FLOATS, measurement, Optional.of(HELD_OUT));
    }

    private static Map<String, Range> scaled(QuantizationDraft draft, float factor) {
        Map<String, Range> ranges = new LinkedHashMap<>();
        draft.ranges()
                .forEach((value, range) -> ranges.put(value, new Range(range.min() * factor, range.max() * factor)));
        return ranges;
    }

    /** The first convolution's weights and bias, and so what the ReLU gives, times two. */
    private static OnnxModel doubled(OnnxModel floats) {
        Map<String, Tensor> initializers = new LinkedHashMap<>(floats.graph().initializers());
        for (String name : List.of("a.w", "a.b")) {
            FloatBuffer values = FloatBuffer.wrap(initializers.get(name).toFloats());
            for (int i = 0; i < values.limit(); i++) {
                values.put(i, 2 * values.get(i));
            }
            initializers.put(name, Tensor.floats(initializers.get(name).shape(), values.array()));
        }
        return floats.withGraph(floats.graph().withNodes(floats.graph().nodes(), initializers));
    }

    private static Correction correction(String name, UnaryOperator<QuantizationDraft> change) {
        return new Correction() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public QuantizationDraft correct(QuantizationDraft draft, Measurement measurement) {
                return change.apply(draft);
            }
        };
    }
}
