package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.scheme.WeightEncoding;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Rounds each weight up or down so that the layer's output, not the weight, errs least. The objective is that of Nagel et
 * al., "Up or Down? Adaptive Rounding for Post-Training Quantization", 2020, equation 13: the mean square of the error of
 * each output channel, {@code d^T E[x x^T] d} for the errors d of its weights and the patches x that they meet. Instead of
 * the paper's relaxation, which takes thousands of steps of an optimizer for each layer, weights are turned one at a time
 * from the nearest integer to the next one, each that lowers the objective, until none does: it never rises, and needs
 * only the second moments of the patches.
 *
 * <p>The patches are those that the integer model meets. What is constant in the error is left to the bias, which follows:
 * moments are those around the mean.
 */
public final class AdaptiveRounding implements Correction {
    /** Elements of moments that are gathered at once: 256 MB. Layers beyond wait for another look at the pictures. */
    private static final long ELEMENTS = 1L << 26;

    @Override
    public String name() {
        return "adaptive-rounding";
    }

    @Override
    public QuantizationDraft correct(QuantizationDraft draft, Measurement measurement) {
        GraphIndex index = new GraphIndex(draft.floats().graph());
        List<Layer> waiting = new ArrayList<>();
        for (Node node : index.graph().nodes()) {
            if (draft.plan().weights().containsKey(node.name())) {
                Layer.read(node, index::constant).filter(PatchMoments::canRead).ifPresent(waiting::add);
            }
        }
        QuantizationDraft rounded = draft;
        LayerEdit edit = new LayerEdit(draft.floats());
        while (!waiting.isEmpty()) {
            List<Layer> together = new ArrayList<>();
            long elements = 0;
            while (!waiting.isEmpty() && (together.isEmpty() || elements < ELEMENTS)) {
                Layer layer = waiting.remove(0);
                elements += PatchMoments.elements(layer);
                together.add(layer);
            }
            Map<String, PatchMoments> moments = moments(draft, together, measurement);
            for (Layer layer : together) {
                PatchMoments seen = moments.get(layer.node().name());
                rounded = seen == null ? rounded : round(rounded, layer, seen, edit);
            }
        }
        return rounded.withFloats(edit.model());
    }

    private static Map<String, PatchMoments> moments(
            QuantizationDraft draft, List<Layer> layers, Measurement measurement) {
        OnnxModel integers = draft.write();
        Map<String, List<Layer>> takers = new HashMap<>();
        for (Node node : integers.graph().nodes()) {
            layers.stream()
                    .filter(layer -> layer.node().name().equals(node.name()))
                    .forEach(layer -> takers.computeIfAbsent(node.input(0), key -> new ArrayList<>())
                            .add(layer));
        }
        Map<String, PatchMoments> moments = new ConcurrentHashMap<>();
        measurement.observe(integers, takers.keySet(), (value, elements, shape) -> {
            for (Layer layer : Objects.requireNonNull(takers.get(value))) {
                moments.computeIfAbsent(layer.node().name(), key -> new PatchMoments(layer))
                        .add(elements, shape);
            }
        });
        return moments;
    }

    private static QuantizationDraft round(QuantizationDraft draft, Layer layer, PatchMoments moments, LayerEdit edit) {
        String name = layer.node().name();
        TensorScheme scheme = Objects.requireNonNull(draft.plan().weights().get(name));
        float inputScale = draft.inputScale(layer);
        float[] bias = layer.biasPerChannel().clone();
        WeightEncoding nearest = WeightEncoding.encode(layer.weight(), bias, inputScale, scheme);
        float[] weights = layer.weight().toFloats();
        byte[] bytes = nearest.weights().data().clone();
        int row = weights.length / layer.channels();
        int rowsPerGroup = layer.channels() / moments.groups();
        for (int group = 0; group < moments.groups(); group++) {
            float[][] covariance = moments.covariance(group);
            double[] mean = moments.mean(group);
            int first = group * rowsPerGroup;
            IntStream.range(first, first + rowsPerGroup).parallel().forEach(o -> {
                int at = nearest.scales().length == 1 ? 0 : o;
                float scale = nearest.scales()[at];
                int zeroPoint = zeroPoint(nearest.zeroPoints(), at);
                double[] exact = new double[row];
                int[] integers = new int[row];
                for (int k = 0; k < row; k++) {
                    exact[k] = weights[o * row + k] / scale + zeroPoint;
                    integers[k] = signed(bytes[o * row + k], nearest.weights().type());
                }
                int[] turned = RoundingDescent.round(exact, integers, scheme.lowest(), scheme.highest(), covariance);
                double shift = 0;
                for (int k = 0; k < row; k++) {
                    shift += (turned[k] - integers[k]) * mean[k];
                    bytes[o * row + k] = (byte) turned[k];
                }
                bias[o] -= (float) (shift * scale);
            });
        }
        edit.setBias(layer, bias);
        return draft.withRoundedWeight(
                name, new Tensor(nearest.weights().type(), layer.weight().shape(), bytes));
    }

    private static int zeroPoint(Tensor zeroPoints, int at) {
        return signed(zeroPoints.data()[zeroPoints.size() == 1 ? 0 : at], zeroPoints.type());
    }

    private static int signed(byte value, ElementType type) {
        return type == ElementType.UINT8 ? Byte.toUnsignedInt(value) : value;
    }
}
