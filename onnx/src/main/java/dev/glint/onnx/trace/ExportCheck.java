package dev.glint.onnx.trace;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.trace.Tracer.Answer;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Holds what ONNX Runtime makes of an exported model against what the block answered. */
final class ExportCheck {
    /** As a share of the largest element of an output: float sums in another order, no more. */
    private static final double TOLERANCE = 1e-4;

    private ExportCheck() {}

    /**
     * Passes if every output is the block's.
     *
     * @throws GlintException ({@code GATE}) naming output and difference, if one is not; ({@code MODEL}) if ONNX Runtime
     *     refuses the model
     */
    static void require(OnnxModel model, List<Answer> answers) {
        try (OnnxSession session = OnnxSession.open(model, 1)) {
            for (Answer answer : answers) {
                Map<String, Tensor> inputs = new LinkedHashMap<>();
                List<ValueInfo> taken = model.graph().inputs();
                for (int i = 0; i < taken.size(); i++) {
                    inputs.put(taken.get(i).name(), answer.inputs().get(i));
                }
                Map<String, Tensor> outputs = session.run(inputs);
                List<ValueInfo> made = model.graph().outputs();
                for (int i = 0; i < made.size(); i++) {
                    String name = made.get(i).name();
                    compare(name, answer.outputs().get(i), Objects.requireNonNull(outputs.get(name)));
                }
            }
        }
    }

    private static void compare(String name, Tensor expected, Tensor actual) {
        if (!expected.shape().equals(actual.shape())) {
            throw apart(name, "shape " + actual.shape(), "shape " + expected.shape());
        }
        float[] wanted = NoiseBatch.floats(expected);
        float[] found = NoiseBatch.floats(actual);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < wanted.length; i++) {
            if (Float.compare(wanted[i], found[i]) == 0) {
                largest = Math.max(largest, Float.isFinite(wanted[i]) ? Math.abs(wanted[i]) : 0);
                continue;
            }
            double apart = Math.abs((double) wanted[i] - found[i]);
            largest = Math.max(largest, Math.abs(wanted[i]));
            difference = Math.max(difference, Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart);
        }
        if (difference > TOLERANCE * largest) {
            throw apart(
                    name,
                    String.format(Locale.ROOT, "values %.2e apart of at most %.2e", difference, largest),
                    String.format(Locale.ROOT, "at most %.0e of the largest", TOLERANCE));
        }
    }

    private static GlintException apart(String name, String found, String expected) {
        return GlintException.failure(
                Reason.GATE,
                "an exported model whose output " + name + " is not the block's: " + found,
                expected,
                "report it with the block; nothing was written");
    }
}
