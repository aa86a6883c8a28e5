package dev.glint.onnx.quantize.write;

import com.google.gson.JsonObject;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.pass.RemoveDeadCode;
import dev.glint.onnx.quantize.plan.ClipBounds;
import dev.glint.onnx.quantize.plan.PlanJson;
import dev.glint.onnx.quantize.plan.Profile.Form;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.scheme.TensorScheme.Symmetry;
import dev.glint.onnx.quantize.scheme.WeightEncoding;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * All that an integer model is written from; what a correction changes.
 *
 * @param floats the float model; a correction may have changed its weights and biases
 * @param plan what becomes integers
 * @param ranges of the values that the plan calibrates
 * @param roundedWeights weights, by the name of their layer, that are written as these integers instead of the nearest
 *     ones: same shape and scales
 */
public record QuantizationDraft(
        OnnxModel floats, QuantizationPlan plan, Map<String, Range> ranges, Map<String, Tensor> roundedWeights) {

    public QuantizationDraft {
        ranges = Collections.unmodifiableMap(new LinkedHashMap<>(ranges));
        roundedWeights = Collections.unmodifiableMap(new LinkedHashMap<>(roundedWeights));
    }

    /** The encoding of each value that the plan encodes. */
    public Map<String, ActivationEncoding> encodings() {
        GraphIndex index = new GraphIndex(floats.graph());
        Map<String, ActivationEncoding> encodings = new LinkedHashMap<>();
        plan.activations()
                .forEach((value, encoded) -> encodings.put(
                        value,
                        calibrated(encoded.decidedBy(), encoded.scheme(), index).scaled(encoded.factor())));
        return encodings;
    }

    private ActivationEncoding calibrated(String value, TensorScheme scheme, GraphIndex index) {
        ActivationEncoding encoding = ActivationEncoding.covering(Objects.requireNonNull(ranges.get(value)), scheme);
        // A clip vanishes in a runtime only if no byte stands for what is beyond it, not even by a rounding.
        return index.producer(value)
                .flatMap(producer -> ClipBounds.read(producer, index))
                .filter(bounds -> bounds.holdZero() && scheme.symmetry() == Symmetry.ASYMMETRIC)
                .map(bounds -> encoding.within(bounds.min(), bounds.max()))
                .orElse(encoding);
    }

    /** The plan and what was measured for it, as JSON: see {@link PlanJson}. */
    public JsonObject toJson() {
        return PlanJson.write(plan, ranges, encodings());
    }

    /** The integer model, in the form of the plan's profile. */
    public OnnxModel write() {
        GraphIndex index = new GraphIndex(floats.graph());
        Graph written = switch (plan.profile().form()) {
            case QDQ -> new QdqRewriter(index, plan, encodings(), roundedWeights).rewrite();
            case QDQ_TENSORRT, DYNAMIC, WEIGHTS ->
                new LayerRewriter(index, plan, encodings(), roundedWeights).rewrite();
            case HALVES -> new HalfRewriter(index, plan).rewrite();
        };
        return floats.withGraph(GraphPass.applyAll(List.of(new RemoveDeadCode()), written));
    }

    /**
     * What the integers of a layer's weights stand for.
     *
     * @param layer one that the plan has weights of
     */
    public float[] roundedWeights(Layer layer) {
        String name = layer.node().name();
        // Biases are integers in one form alone; the others do not care for the input's scale.
        boolean biased = plan.profile().form() == Form.QDQ;
        WeightEncoding encoding = WeightEncoding.encode(
                layer.weight(),
                biased ? layer.biasPerChannel() : new float[layer.channels()],
                biased
                        ? Objects.requireNonNull(encodings().get(layer.node().input(0)))
                                .scale()
                        : 1,
                Objects.requireNonNull(plan.weights().get(name)));
        byte[] integers = roundedWeights.getOrDefault(name, encoding.weights()).data();
        byte[] zeroPoints = encoding.zeroPoints().data();
        boolean unsigned = encoding.weights().type() == ElementType.UINT8;
        int perScale = integers.length / encoding.scales().length;
        float[] values = new float[integers.length];
        for (int i = 0; i < values.length; i++) {
            int zeroPoint = zeroPoints[i / perScale];
            int steps = unsigned
                    ? Byte.toUnsignedInt(integers[i]) - Byte.toUnsignedInt((byte) zeroPoint)
                    : integers[i] - zeroPoint;
            values[i] = steps * encoding.scales()[i / perScale];
        }
        return values;
    }

    /** The scale of what a layer takes; 1 where that is no integer, whose bias is none either. */
    public float inputScale(Layer layer) {
        ActivationEncoding encoding = encodings().get(layer.node().input(0));
        return encoding == null ? 1 : encoding.scale();
    }

    /** The same with another float model of the same nodes. */
    public QuantizationDraft withFloats(OnnxModel changed) {
        return new QuantizationDraft(changed, plan, ranges, roundedWeights);
    }

    /** The same with other ranges. */
    public QuantizationDraft withRanges(Map<String, Range> changed) {
        return new QuantizationDraft(floats, plan, changed, roundedWeights);
    }

    /** The same with a layer's weights rounded otherwise. */
    public QuantizationDraft withRoundedWeight(String layer, Tensor integers) {
        Map<String, Tensor> more = new LinkedHashMap<>(roundedWeights);
        more.put(layer, integers);
        return new QuantizationDraft(floats, plan, ranges, more);
    }
}
