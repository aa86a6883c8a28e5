package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Watches a float model while it sees pictures: the smallest and largest element of chosen values (MinMax). Close it to
 * free the session.
 */
public final class Calibration implements AutoCloseable {
    private final String inputName;
    private final boolean inputWatched;
    private final OnnxSession session;
    private final Set<String> watched;
    private final Map<String, Range> ranges = new LinkedHashMap<>();

    /**
     * Opens a session that gives the watched values besides the model's own outputs.
     *
     * @param threads threads per operator
     */
    public Calibration(OnnxModel model, Set<String> watched, int threads) {
        Graph graph = model.graph();
        this.inputName = graph.inputs().get(0).name();
        this.inputWatched = watched.contains(inputName);
        this.watched = watched;
        GraphIndex index = new GraphIndex(graph);
        List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
        for (String value : watched) {
            if (!value.equals(inputName) && !index.isOutput(value)) {
                outputs.add(new ValueInfo(value, ElementType.FLOAT, null));
            }
        }
        this.session = OnnxSession.open(model.withGraph(graph.withOutputs(outputs)), threads);
    }

    /**
     * Shows pictures to the model.
     *
     * @param pictures (N, C, H, W) elements in a direct buffer from its position on
     * @param shape N, C, H, W
     * @throws GlintException ({@code MODEL}) if the model gives values that are not finite
     */
    public void show(FloatBuffer pictures, long... shape) {
        if (inputWatched) {
            float[] values = new float[pictures.remaining()];
            pictures.duplicate().get(values);
            see(inputName, values);
        }
        session.run(pictures, shape).forEach((name, values) -> {
            if (watched.contains(name)) {
                see(name, values);
            }
        });
    }

    private void see(String name, float[] values) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        boolean finite = true;
        for (float value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
            finite &= Float.isFinite(value);
        }
        if (!finite) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "values that are not finite in " + name,
                    "finite numbers for every picture",
                    "fit the model again; its weights have diverged");
        }
        ranges.merge(name, new Range(min, max), Range::union);
    }

    /** What was seen so far, by value. */
    public Map<String, Range> ranges() {
        return ranges;
    }

    @Override
    public void close() {
        session.close();
    }
}
