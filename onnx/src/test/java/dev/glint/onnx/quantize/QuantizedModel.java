package dev.glint.onnx.quantize;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.quantize.calibrate.CalibrationRun;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.onnx.testing.RandomPictures;
import dev.glint.onnx.testing.RandomTensors;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A float graph and its quantised form, calibrated on random pictures. */
public record QuantizedModel(
        OnnxModel floats, QuantizationDraft draft, OnnxModel integers, OnnxModel optimized, long[] picture) {

    /** What of it is computed in integers. */
    public QuantizationPlan plan() {
        return draft.plan();
    }

    /** Quantises a graph. */
    public static QuantizedModel of(Graph graph, QuantizationPlan.Head head, long... picture) {
        return of(graph, Profile.int8(head), picture);
    }

    /** Quantises a graph as a profile has it. */
    public static QuantizedModel of(Graph graph, Profile profile, long... picture) {
        return of(graph, profile, OnnxSession::optimized, picture);
    }

    /** Quantises a graph by options. */
    public static QuantizedModel of(Graph graph, QuantizerOptions options, long... picture) {
        return of(graph, options, OnnxSession::optimized, picture);
    }

    /** Quantises a graph for a runtime of which an optimizer says what it makes of models. */
    public static QuantizedModel of(Graph graph, Profile profile, UnaryOperator<OnnxModel> optimizer, long... picture) {
        return of(graph, QuantizerOptions.minmax(profile), optimizer, picture);
    }

    private static QuantizedModel of(
            Graph graph, QuantizerOptions options, UnaryOperator<OnnxModel> optimizer, long... picture) {
        OnnxModel floats = OnnxModel.fromGraph(graph, Map.of());
        Quantizer.Result result = new Quantizer(
                        floats,
                        new CalibrationRun(new RandomTensors(32, 1, picture), done -> {}),
                        Optional.empty(),
                        optimizer)
                .quantize(options);
        return new QuantizedModel(floats, result.draft(), result.model(), result.optimized(), picture);
    }

    /** How many operators of each kind ONNX Runtime runs. */
    public Map<String, Long> operators() {
        return optimized.graph().nodes().stream()
                .collect(Collectors.groupingBy(Node::op, TreeMap::new, Collectors.counting()));
    }

    /** How far the outputs are apart on other random pictures: root of the mean square, as a share of the float one. */
    public double relativeError() {
        FloatBuffer pictures = RandomPictures.normal(8 * size(picture), 2);
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
