package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.inference.OnnxSession.OutputVisitor;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Shows all calibration pictures to a model at each question, batch by batch: what is kept of them does not grow with
 * their number.
 *
 * @param pictures what is shown
 * @param progress is told how many pictures are done
 */
public record CalibrationRun(TensorSource pictures, IntConsumer progress) implements Measurement {

    /**
     * {@inheritDoc}
     *
     * @throws GlintException ({@code MODEL}) if the model gives values that are not finite
     */
    @Override
    public Map<String, TensorStatistics> statistics(OnnxModel floats, Set<String> values) {
        Map<String, Range> extremes = new LinkedHashMap<>();
        show(floats, values, (name, elements, shape) -> extremes.merge(name, extremes(name, elements), Range::union));
        Map<String, TensorStatistics> statistics = new LinkedHashMap<>();
        values.forEach(value -> statistics.put(value, new TensorStatistics(extremes.get(value))));
        return statistics;
    }

    private static Range extremes(String name, FloatBuffer elements) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        boolean finite = true;
        for (int i = elements.position(); i < elements.limit(); i++) {
            float element = elements.get(i);
            min = Math.min(min, element);
            max = Math.max(max, element);
            finite &= Float.isFinite(element);
        }
        if (!finite) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "values that are not finite in " + name,
                    "finite numbers for every picture",
                    "fit the model again; its weights have diverged");
        }
        return new Range(min, max);
    }

    @Override
    public Map<String, float[]> channelMeans(OnnxModel model, Set<String> values) {
        Map<String, ChannelSums> sums = new LinkedHashMap<>();
        show(
                model,
                values,
                (name, elements, shape) -> sums.computeIfAbsent(name, key -> new ChannelSums(Math.toIntExact(shape[1])))
                        .add(elements, Math.toIntExact(shape[0])));
        Map<String, float[]> means = new LinkedHashMap<>();
        values.forEach(value -> means.put(value, sums.get(value).means()));
        return means;
    }

    @Override
    public void observe(OnnxModel model, Set<String> values, Observer observer) {
        show(model, values, observer::see);
    }

    private void show(OnnxModel model, Set<String> values, OutputVisitor visitor) {
        String input = model.graph().inputs().get(0).name();
        boolean inputWatched = values.contains(input);
        int[] done = {0};
        try (OnnxSession session = OnnxSession.open(
                watching(model, values, input), Runtime.getRuntime().availableProcessors())) {
            TensorBatches.visit(pictures, (tensor, shape) -> {
                if (inputWatched) {
                    visitor.visit(input, tensor.duplicate(), shape);
                }
                session.visit(tensor, shape, (name, elements, dimensions) -> {
                    if (values.contains(name)) {
                        visitor.visit(name, elements, dimensions);
                    }
                });
                done[0] += Math.toIntExact(shape[0]);
                progress.accept(done[0]);
            });
        }
    }

    private static OnnxModel watching(OnnxModel model, Set<String> values, String input) {
        Graph graph = model.graph();
        GraphIndex index = new GraphIndex(graph);
        List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
        for (String value : values) {
            if (!value.equals(input) && !index.isOutput(value)) {
                outputs.add(new ValueInfo(value, ElementType.FLOAT, null));
            }
        }
        return model.withGraph(graph.withOutputs(outputs));
    }
}
