package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes from each layer's bias what its rounded weights add on average: their errors times the mean of what they meet, at
 * once for all layers, from one look at the float model. (Nagel et al., "Data-Free Quantization Through Weight Equalization
 * and Bias Correction", 2019, section 4.2.1, with measured means.)
 */
public final class WeightBiasCorrection implements Correction {
    /**
     * How many pictures means are taken of. More change nothing that can be measured: of 16, 32 and 64, ResNet-18 has 18.9,
     * 19.0 and 18.8 dB on pictures of 224 x 224, SmallVGG of 32, 64 and 500 has 36.5, 36.8 and 36.8.
     */
    private static final int MEAN_PICTURES = 32;

    @Override
    public String name() {
        return "weight-bias";
    }

    @Override
    public QuantizationDraft correct(QuantizationDraft draft, Measurement measurement) {
        GraphIndex index = new GraphIndex(draft.floats().graph());
        List<Layer> layers = new ArrayList<>();
        Set<String> inputs = new LinkedHashSet<>();
        for (Node node : index.graph().nodes()) {
            if (draft.plan().weights().containsKey(node.name())) {
                Layer.read(node, index::constant).ifPresent(layers::add);
                inputs.add(node.input(0));
            }
        }
        Map<String, ActivationEncoding> encodings = draft.encodings();
        Map<String, InputMeans> seen = new ConcurrentHashMap<>();
        measurement.observeSome(
                draft.floats(),
                inputs,
                MEAN_PICTURES,
                (value, elements, shape) -> seen.computeIfAbsent(
                                value, key -> new InputMeans(encodings.get(value), shape.clone()))
                        .add(elements, Math.toIntExact(shape[0])));
        LayerEdit edit = new LayerEdit(draft.floats());
        for (Layer layer : layers) {
            correct(
                    layer,
                    draft.roundedWeights(layer),
                    Objects.requireNonNull(seen.get(layer.node().input(0))),
                    edit);
        }
        return draft.withFloats(edit.model());
    }

    /** The means of a layer's input channels, as they are and as the layer meets them. */
    private static final class InputMeans {
        private final @Nullable ActivationEncoding encoding;
        private final long[] shape;
        private final double[] exact;
        private final double[] rounded;
        private long elementsPerChannel;

        InputMeans(@Nullable ActivationEncoding encoding, long... shape) {
            this.encoding = encoding;
            this.shape = shape;
            this.exact = new double[Math.toIntExact(shape[1])];
            this.rounded = new double[exact.length];
        }

        void add(FloatBuffer elements, int batch) {
            float[] values = new float[elements.remaining()];
            elements.get(values);
            int plane = values.length / batch / exact.length;
            IntStream.range(0, exact.length).parallel().forEach(channel -> {
                for (int n = 0; n < batch; n++) {
                    int from = (n * exact.length + channel) * plane;
                    for (int i = from; i < from + plane; i++) {
                        exact[channel] += values[i];
                        rounded[channel] +=
                                encoding == null ? values[i] : encoding.dequantize(encoding.quantize(values[i]));
                    }
                }
            });
            elementsPerChannel += (long) batch * plane;
        }

        double exact(int channel) {
            return exact[channel] / elementsPerChannel;
        }

        double rounded(int channel) {
            return rounded[channel] / elementsPerChannel;
        }
    }

    private static void correct(Layer layer, float[] rounded, InputMeans seen, LayerEdit edit) {
        float[] exact = layer.weight().toFloats();
        float[] bias = layer.biasPerChannel().clone();
        double[] shift = new double[bias.length];
        List<Long> shape = layer.weight().shape();
        int inputs = shape.get(1).intValue();
        int places = exact.length / bias.length / inputs;
        int outputsPerGroup = bias.length / Math.toIntExact(layer.node().integer("group", 1));
        double[] inside = inside(layer, seen.shape, places);
        for (int i = 0; i < exact.length; i++) {
            int output = i / places / inputs;
            int channel = output / outputsPerGroup * inputs + i / places % inputs;
            shift[output] += (rounded[i] * seen.rounded(channel) - exact[i] * seen.exact(channel)) * inside[i % places];
        }
        for (int o = 0; o < bias.length; o++) {
            bias[o] -= (float) shift[o];
        }
        edit.setBias(layer, bias);
    }

    /** For each place of the kernel, the share of the output's places for which it meets the input, not its padding. */
    private static double[] inside(Layer layer, long[] input, int places) {
        double[] inside = new double[places];
        List<Long> shape = layer.weight().shape();
        if (shape.size() != 4 || layer.node().attributes().containsKey("auto_pad")) {
            Arrays.fill(inside, 1);
            return inside;
        }
        int columns = shape.get(3).intValue();
        for (int place = 0; place < places; place++) {
            inside[place] = share(layer, input, 0, place / columns) * share(layer, input, 1, place % columns);
        }
        return inside;
    }

    private static double share(Layer layer, long[] input, int axis, int place) {
        long extent = input[axis + 2];
        long stride = attribute(layer, "strides", axis, 1);
        long dilation = attribute(layer, "dilations", axis, 1);
        long before = attribute(layer, "pads", axis, 0);
        long after = attribute(layer, "pads", axis + 2, 0);
        long reach = dilation * (layer.weight().shape().get(axis + 2) - 1) + 1;
        long outputs = (extent + before + after - reach) / stride + 1;
        long met = 0;
        for (long output = 0; output < outputs; output++) {
            long at = output * stride - before + place * dilation;
            met += at >= 0 && at < extent ? 1 : 0;
        }
        return outputs > 0 ? (double) met / outputs : 1;
    }

    private static long attribute(Layer layer, String name, int at, long otherwise) {
        return layer.node().attributes().get(name) instanceof Attribute.Ints list
                ? list.values().get(at)
                : otherwise;
    }
}
