package dev.glint.exporter.testing;

import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.OnnxModel;
import dev.glint.exporter.inference.OnnxSession;
import dev.glint.exporter.quantize.Calibration;
import dev.glint.exporter.quantize.QuantizationPlan;
import dev.glint.exporter.quantize.Quantizer;
import dev.glint.exporter.quantize.Range;
import java.nio.FloatBuffer;
import java.util.Map;

/** A float graph and its quantised form, calibrated on random pictures. */
public record QuantizedModel(OnnxModel floats, QuantizationPlan plan, OnnxModel integers, long[] picture) {

    /** Quantises a graph. */
    public static QuantizedModel of(Graph graph, QuantizationPlan.Head head, long... picture) {
        OnnxModel floats = OnnxModel.fromGraph(graph, Map.of());
        QuantizationPlan plan = QuantizationPlan.derive(graph, head);
        Map<String, Range> ranges;
        try (Calibration calibration = new Calibration(floats, plan.calibrated(), 1)) {
            calibration.show(Differential.random(32 * size(picture), 1), shape(32, picture));
            ranges = calibration.ranges();
        }
        OnnxModel integers = floats.withGraph(Quantizer.quantize(graph, plan, ranges));
        return new QuantizedModel(floats, plan, integers, picture);
    }

    /** How far the outputs are apart on other random pictures: root of the mean square, as a share of the float one. */
    public double relativeError() {
        FloatBuffer pictures = Differential.random(8 * size(picture), 2);
        float[] expected = run(floats, pictures);
        float[] actual = run(integers, pictures);
        double error = 0;
        double power = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(expected[i] - actual[i], 2);
            power += Math.pow(expected[i], 2);
        }
        return Math.sqrt(error / power);
    }

    private float[] run(OnnxModel model, FloatBuffer pictures) {
        try (OnnxSession session = OnnxSession.open(model, 1)) {
            return session.run(pictures, shape(8, picture)).values().iterator().next();
        }
    }

    private static long[] shape(int batch, long... picture) {
        return new long[] {batch, picture[0], picture[1], picture[2]};
    }

    private static int size(long... picture) {
        return (int) (picture[0] * picture[1] * picture[2]);
    }
}
