package dev.glint.onnx.quantize.write;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.plan.Profile.Form;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.scheme.WeightEncoding;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Writes the forms that quantise layers alone. For TensorRT: {@code QuantizeLinear} and {@code DequantizeLinear} on what
 * a layer takes, {@code DequantizeLinear} on its weights ("Working with Quantized Types" in TensorRT's documentation).
 * Weights alone: only the latter. Dynamic: {@code DynamicQuantizeLinear}, {@code ConvInteger} and {@code MatMulInteger},
 * whose sums are scaled by the product of both scales.
 */
final class LayerRewriter {
    private final GraphIndex index;
    private final QuantizationPlan plan;
    private final Map<String, ActivationEncoding> encodings;
    private final Map<String, Tensor> roundedWeights;
    private final GraphDraft draft;
    private final Map<String, String> decoded = new HashMap<>();
    private final Map<String, DynamicBytes> dynamic = new HashMap<>();

    LayerRewriter(
            GraphIndex index,
            QuantizationPlan plan,
            Map<String, ActivationEncoding> encodings,
            Map<String, Tensor> roundedWeights) {
        this.index = index;
        this.plan = plan;
        this.encodings = encodings;
        this.roundedWeights = roundedWeights;
        this.draft = new GraphDraft(index);
    }

    /** What a DynamicQuantizeLinear gives. */
    private record DynamicBytes(String bytes, String scale, String zeroPoint) {}

    Graph rewrite() {
        for (Node node : index.graph().nodes()) {
            boolean layer = plan.weights().containsKey(node.name());
            if (layer && plan.profile().form() == Form.DYNAMIC) {
                addDynamic(Layer.read(node, index::constant).orElseThrow());
            } else if (plan.integerNodes().contains(node.name())) {
                Node taking = node.withInputs(
                        node.inputs().stream().map(this::decoded).toList());
                draft.add(
                        layer
                                ? withEncodedWeight(
                                        Layer.read(node, index::constant).orElseThrow(), taking)
                                : taking);
            } else {
                draft.add(node);
            }
        }
        return draft.graph();
    }

    private String decoded(String value) {
        return plan.activations().containsKey(value) ? decoded.computeIfAbsent(value, this::decode) : value;
    }

    private String decode(String value) {
        ActivationEncoding encoding = Objects.requireNonNull(encodings.get(value));
        byte[] zero = {(byte) encoding.zeroPoint()};
        String scale = draft.put(value + "_scale", Tensor.scalar(encoding.scale()));
        String zeroPoint =
                draft.put(value + "_zero_point", new Tensor(encoding.type().element(), List.of(), zero));
        String bytes = draft.add("QuantizeLinear", value + "_quantized", List.of(value, scale, zeroPoint), Map.of());
        return draft.add("DequantizeLinear", value + "_dequantized", List.of(bytes, scale, zeroPoint), Map.of());
    }

    private WeightEncoding encoding(Layer layer) {
        // Biases stay floats, so that no input's scale matters.
        return WeightEncoding.encode(
                layer.weight(),
                new float[layer.channels()],
                1,
                Objects.requireNonNull(plan.weights().get(layer.node().name())));
    }

    private Tensor integers(Layer layer, WeightEncoding encoding) {
        return roundedWeights.getOrDefault(layer.node().name(), encoding.weights());
    }

    private Node withEncodedWeight(Layer layer, Node taking) {
        WeightEncoding encoding = encoding(layer);
        String name = layer.node().name() + ".weight";
        List<String> inputs = List.of(
                draft.put(name + "_quantized", integers(layer, encoding)),
                draft.put(name + "_scale", Tensor.floats(encoding.zeroPoints().shape(), encoding.scales())),
                draft.put(name + "_zero_point", encoding.zeroPoints()));
        Map<String, Attribute> axis = Map.of("axis", Attribute.integer(0));
        return taking.withInput(Layer.WEIGHT, draft.add("DequantizeLinear", name + "_dequantized", inputs, axis));
    }

    private void addDynamic(Layer layer) {
        Node node = layer.node();
        String name = node.name();
        DynamicBytes input = dynamic.computeIfAbsent(node.input(0), this::quantized);
        WeightEncoding encoding = encoding(layer);
        boolean convolution = node.isOperator("Conv");
        Tensor integers = integers(layer, encoding);
        String weight = draft.put(name + ".weight_quantized", convolution ? integers : transposed(integers));
        String zero = draft.put(name + ".weight_zero_point", new Tensor(ElementType.INT8, List.of(), new byte[1]));
        String sums = draft.add(
                convolution ? "ConvInteger" : "MatMulInteger",
                name + ".sums",
                List.of(input.bytes(), weight, input.zeroPoint(), zero),
                convolution ? node.attributes() : Map.of());
        String numbers = draft.add(
                "Cast", name + ".numbers", List.of(sums), Map.of("to", Attribute.integer(ElementType.FLOAT.code())));
        Function<float[], Tensor> perChannel = values -> values.length == 1
                ? Tensor.scalar(values[0])
                : Tensor.floats(
                        convolution ? List.of(1L, (long) values.length, 1L, 1L) : List.of((long) values.length),
                        values);
        String weightScale = draft.put(name + ".weight_scale", perChannel.apply(encoding.scales()));
        String scale = draft.add("Mul", name + ".scale", List.of(input.scale(), weightScale), Map.of());
        boolean biased = layer.bias().isPresent();
        String scaled = biased ? draft.fresh(name + ".scaled") : node.output();
        draft.add(new Node(
                biased ? draft.fresh(name + ".scaled_node") : name,
                "Mul",
                List.of(numbers, scale),
                List.of(scaled),
                Map.of()));
        if (biased) {
            String bias = draft.put(name + ".bias_per_channel", perChannel.apply(layer.biasPerChannel()));
            draft.add(new Node(name, "Add", List.of(scaled, bias), node.outputs(), Map.of()));
        }
    }

    private DynamicBytes quantized(String value) {
        DynamicBytes bytes = new DynamicBytes(
                draft.fresh(value + "_quantized"), draft.fresh(value + "_scale"), draft.fresh(value + "_zero_point"));
        draft.add(new Node(
                draft.fresh(value + "_quantize"),
                "DynamicQuantizeLinear",
                List.of(value),
                List.of(bytes.bytes(), bytes.scale(), bytes.zeroPoint()),
                Map.of()));
        return bytes;
    }

    /** From (out, in) to (in, out). */
    private static Tensor transposed(Tensor weight) {
        int out = weight.shape().get(0).intValue();
        int in = weight.size() / out;
        byte[] turned = new byte[weight.size()];
        for (int i = 0; i < turned.length; i++) {
            turned[i % in * out + i / in] = weight.data()[i];
        }
        return new Tensor(weight.type(), List.of((long) in, (long) out), turned);
    }
}
