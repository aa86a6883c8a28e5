package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.quantize.calibrate.CalibrationRun;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.plan.SchemeChanges;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.onnx.testing.RandomPictures;
import dev.glint.onnx.testing.RandomTensors;
import java.util.LinkedHashMap;
import java.util.Map;

/** What corrections are given: graphs of {@link dev.glint.onnx.testing.Graphs} with ranges from noise. */
final class Drafts {
    static final int PICTURES = 32;
    static final Measurement NOISE = new CalibrationRun(new RandomTensors(PICTURES, 1, 2, 6, 6), done -> {});

    private Drafts() {}

    static QuantizationDraft draft(Graph graph, Profile profile) {
        OnnxModel floats = OnnxModel.fromGraph(graph, Map.of());
        QuantizationPlan plan = QuantizationPlan.derive(new GraphIndex(graph), profile, SchemeChanges.NONE, Map.of());
        return calibrated(new QuantizationDraft(floats, plan, Map.of(), Map.of()));
    }

    /** The same draft with the ranges of its own floats. */
    static QuantizationDraft calibrated(QuantizationDraft draft) {
        Map<String, Range> ranges = new LinkedHashMap<>();
        NOISE.statistics(draft.floats(), draft.plan().calibrated())
                .forEach((value, seen) -> ranges.put(value, seen.extremes()));
        return draft.withRanges(ranges);
    }

    /** What a model makes of one of the pictures that ranges come from, or another one behind these. */
    static float[] answer(OnnxModel model, int picture) {
        try (OnnxSession session = OnnxSession.open(model, 1)) {
            return session.run(RandomPictures.normal(2 * 6 * 6, PICTURES + picture), 1, 2, 6, 6)
                    .get("y");
        }
    }

    /** The mean square of the difference between what the integer model and a float one make of the pictures. */
    static double error(QuantizationDraft draft, OnnxModel floats) {
        OnnxModel integers = draft.write();
        double error = 0;
        for (int picture = 0; picture < PICTURES; picture++) {
            float[] expected = answer(floats, picture);
            float[] actual = answer(integers, picture);
            for (int i = 0; i < expected.length; i++) {
                error += Math.pow(expected[i] - actual[i], 2) / expected.length / PICTURES;
            }
        }
        return error;
    }
}
