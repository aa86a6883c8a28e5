package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.inference.OnnxSession.OutputVisitor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}) if the model gives values that are not finite
     */
    @Override
    public Map<String, TensorStatistics> statistics(OnnxModel floats, Set<String> values) {
        Map<String, StreamedStatistics> streamed = new LinkedHashMap<>();
        values.forEach(value -> streamed.put(value, new StreamedStatistics(value)));
        show(
                floats,
                values,
                (name, elements, shape) ->
                        Objects.requireNonNull(streamed.get(name)).add(elements));
        Map<String, TensorStatistics> statistics = new LinkedHashMap<>();
        streamed.forEach((value, seen) -> statistics.put(value, seen.statistics()));
        return statistics;
    }

    @Override
    public Map<String, float[]> channelMeans(OnnxModel model, Set<String> values) {
        Map<String, ChannelSums> sums = new ConcurrentHashMap<>();
        show(
                model,
                values,
                (name, elements, shape) -> sums.computeIfAbsent(name, key -> new ChannelSums(Math.toIntExact(shape[1])))
                        .add(elements, Math.toIntExact(shape[0])));
        Map<String, float[]> means = new LinkedHashMap<>();
        values.forEach(value ->
                means.put(value, Objects.requireNonNull(sums.get(value)).means()));
        return means;
    }

    @Override
    public void observe(OnnxModel model, Set<String> values, Observer observer) {
        show(model, values, observer::see);
    }

    @Override
    public void observeSome(OnnxModel model, Set<String> values, int count, Observer observer) {
        new CalibrationRun(new SomeTensors(pictures, Math.min(count, pictures.size())), done -> {})
                .observe(model, values, observer);
    }

    /** So many of a source's pictures. */
    private record SomeTensors(TensorSource all, int size) implements TensorSource {
        @Override
        public long[] shape() {
            return all.shape();
        }

        @Override
        public void put(int index, FloatBuffer target) {
            all.put((int) ((long) index * all.size() / size), target);
        }
    }

    private void show(OnnxModel model, Set<String> values, OutputVisitor visitor) {
        String input = model.graph().inputs().get(0).name();
        boolean inputWatched = values.contains(input);
        int[] done = {0};
        try (OnnxSession session =
                OnnxSession.open(watching(model, values, input), BatchesUnderWay.threadsPerOperator())) {
            int batch = TensorBatches.size(model, pictures);
            new BatchesUnderWay(session, pictures, batch).visit((tensor, outputs, shape) -> {
                if (inputWatched) {
                    visitor.visit(input, tensor.duplicate(), shape);
                }
                outputs.visit((name, elements, dimensions) -> {
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
