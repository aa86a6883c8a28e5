package dev.glint.onnx.quantize.write;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.plan.Scaling;
import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.scheme.WeightEncoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes a plan into a graph: {@code QuantizeLinear} and {@code DequantizeLinear} around each encoded value, integer
 * weights and biases before their {@code DequantizeLinear}. The result is a float graph still, with the roundings of an
 * integer one in it; a runtime fuses it to integer operators.
 */
final class QdqRewriter {
    private final GraphIndex index;
    private final QuantizationPlan plan;
    private final Map<String, ActivationEncoding> encodings;
    private final Map<String, Tensor> roundedWeights;
    private final FreshNames names;
    private final Map<String, Encoded> encoded = new HashMap<>();
    /** The bytes of each encoded value. */
    private final Map<String, String> bytes = new HashMap<>();

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> initializers;

    QdqRewriter(
            GraphIndex index,
            QuantizationPlan plan,
            Map<String, ActivationEncoding> encodings,
            Map<String, Tensor> roundedWeights) {
        this.index = index;
        this.plan = plan;
        this.encodings = encodings;
        this.roundedWeights = roundedWeights;
        this.names = FreshNames.avoiding(index.graph());
        this.initializers = index.copyOfConstants();
    }

    /**
     * The names around an encoded value.
     *
     * @param made what its producer makes
     * @param decoded what integer operators take
     */
    private record Encoded(String made, String decoded) {}

    /** The names of the constants of an encoding. */
    private record Parameters(String scale, String zeroPoint) {}

    /** An encoded value that leaves the graph leaves it decoded, so its float form needs another name. */
    private Encoded encoded(String value) {
        return encoded.computeIfAbsent(
                value,
                key -> index.isOutput(key)
                        ? new Encoded(names.allocate(key + "_float"), key)
                        : new Encoded(key, names.allocate(key + "_dequantized")));
    }

    Graph rewrite() {
        plan.activations().keySet().stream().filter(index::isInput).forEach(this::encode);
        for (Node node : index.graph().nodes()) {
            boolean integer = plan.integerNodes().contains(node.name());
            Optional<Scaling> scaling = integer ? Scaling.read(node, index) : Optional.empty();
            if (scaling.isPresent()) {
                decode(
                        node.output(),
                        Objects.requireNonNull(bytes.get(scaling.get().value())));
                continue;
            }
            Node taking = node.withInputs(
                    node.inputs().stream().map(value -> taken(integer, value)).toList());
            Node made = (integer ? asInteger(node, taking) : taking)
                    .withOutputs(node.outputs().stream()
                            .map(value -> plan.activations().containsKey(value)
                                    ? encoded(value).made()
                                    : value)
                            .toList());
            if (!integer && standsBetweenIntegers(node)) {
                addOpaque(made);
            } else {
                nodes.add(made);
            }
            node.outputs().stream().filter(plan.activations()::containsKey).forEach(this::encode);
        }
        return index.graph().withNodes(nodes, initializers);
    }

    /** A layer that is meant to be in float, with bytes before it and, behind what may vanish in them, bytes again. */
    private boolean standsBetweenIntegers(Node node) {
        if (!node.isOperator("Conv", "ConvTranspose", "Gemm", "MatMul") || !isMadeByIntegers(node.input(0))) {
            return false;
        }
        String value = node.output();
        Optional<Node> behind = index.soleConsumer(value);
        while (!plan.activations().containsKey(value)
                && behind.isPresent()
                && behind.get().isOperator("Relu", "Clip")) {
            value = behind.get().output();
            behind = index.soleConsumer(value);
        }
        return plan.activations().containsKey(value);
    }

    /**
     * ONNX Runtime makes integers of the weights of a layer between two conversions, asked or not. It leaves them where
     * something else than a ReLU or clip comes behind, and a leaky ReLU that changes nothing costs nothing: it becomes part
     * of the layer.
     */
    private void addOpaque(Node layer) {
        String direct = names.allocate(layer.output() + "_direct");
        nodes.add(layer.withOutputs(List.of(direct)));
        nodes.add(new Node(
                names.allocate(layer.name() + "_kept_in_float"),
                "LeakyRelu",
                List.of(direct),
                layer.outputs(),
                Map.of("alpha", Attribute.real(1))));
    }

    /** What a node takes instead of a value: the decoded bytes, but a float step keeps what another one made. */
    private String taken(boolean byInteger, String value) {
        boolean decoded = plan.activations().containsKey(value) && (byInteger || isMadeByIntegers(value));
        return decoded ? encoded(value).decoded() : value;
    }

    private boolean isMadeByIntegers(String value) {
        return index.producer(value)
                .filter(producer -> plan.integerNodes().contains(producer.name()))
                .isPresent();
    }

    private void encode(String value) {
        Parameters parameters = parameters(value, Objects.requireNonNull(encodings.get(value)));
        String quantized = names.allocate(value + "_quantized");
        nodes.add(new Node(
                names.allocate(value + "_quantize"),
                "QuantizeLinear",
                List.of(encoded(value).made(), parameters.scale(), parameters.zeroPoint()),
                List.of(quantized),
                Map.of()));
        bytes.put(value, quantized);
        decode(value, quantized, parameters);
    }

    /** A value whose bytes are those of another one. */
    private void decode(String value, String quantized) {
        bytes.put(value, quantized);
        decode(value, quantized, parameters(value, Objects.requireNonNull(encodings.get(value))));
    }

    private void decode(String value, String quantized, Parameters parameters) {
        nodes.add(new Node(
                names.allocate(value + "_dequantize"),
                "DequantizeLinear",
                List.of(quantized, parameters.scale(), parameters.zeroPoint()),
                List.of(encoded(value).decoded()),
                Map.of()));
    }

    private Parameters parameters(String value, ActivationEncoding encoding) {
        byte[] zero = {(byte) encoding.zeroPoint()};
        return new Parameters(
                put(value + "_scale", Tensor.scalar(encoding.scale())),
                put(value + "_zero_point", new Tensor(encoding.type().element(), List.of(), zero)));
    }

    private Node asInteger(Node node, Node taking) {
        if (plan.weights().containsKey(node.name())) {
            return withIntegerWeights(Layer.read(node, index::constant).orElseThrow(), taking);
        }
        boolean table = node.isOperator("Relu") && !plan.vanishing().containsValue(node.name());
        return table ? leaky(taking) : withEncodedOperands(node, taking);
    }

    /** Numbers that are added or multiplied become bytes, too. */
    private Node withEncodedOperands(Node node, Node taking) {
        Node changed = taking;
        for (int i = 0; i < node.inputs().size() && node.isOperator("Add", "Mul", "MatMul"); i++) {
            Optional<Tensor> operand = index.constant(node.input(i));
            if (operand.isPresent()) {
                changed = changed.withInput(i, encodedOperand(node, operand.get()));
            }
        }
        return changed;
    }

    /** Integer operators want operands of one type, but for matrices, which take weights as a convolution does. */
    private TensorScheme operandScheme(Node node) {
        if (node.isOperator("MatMul")) {
            return TensorScheme.WEIGHT_S8_PER_TENSOR;
        }
        return node.inputs().stream()
                .filter(plan.activations()::containsKey)
                .map(value ->
                        Objects.requireNonNull(plan.activations().get(value)).scheme())
                .findFirst()
                .orElse(plan.profile().activations());
    }

    private String encodedOperand(Node node, Tensor operand) {
        String name = node.name() + ".operand";
        float[] values = operand.toFloats();
        ActivationEncoding encoding =
                ActivationEncoding.covering(Range.covering(values).orElseThrow(), operandScheme(node));
        byte[] quantized = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            quantized[i] = (byte) encoding.quantize(values[i]);
        }
        Parameters parameters = parameters(name, encoding);
        String output = names.allocate(name + "_dequantized");
        nodes.add(new Node(
                names.allocate(name + "_dequantize"),
                "DequantizeLinear",
                List.of(
                        put(name + "_quantized", new Tensor(encoding.type().element(), operand.shape(), quantized)),
                        parameters.scale(),
                        parameters.zeroPoint()),
                List.of(output),
                Map.of()));
        return output;
    }

    /** ONNX Runtime has an integer form of a leaky ReLU, a table, but none of a ReLU that does not vanish. */
    private static Node leaky(Node relu) {
        return new Node(relu.name(), "LeakyRelu", relu.inputs(), relu.outputs(), Map.of("alpha", Attribute.real(0)));
    }

    private Node withIntegerWeights(Layer layer, Node taking) {
        float inputScale =
                Objects.requireNonNull(encodings.get(layer.node().input(0))).scale();
        String name = layer.node().name();
        WeightEncoding encoding = WeightEncoding.encode(
                layer.weight(),
                layer.biasPerChannel(),
                inputScale,
                Objects.requireNonNull(plan.weights().get(name)));
        Tensor integers = roundedWeights.getOrDefault(name, encoding.weights());
        Node changed = taking.withInput(
                Layer.WEIGHT, constant(name + ".weight", integers, encoding.scales(), encoding.zeroPoints()));
        if (layer.bias().isEmpty()) {
            return changed;
        }
        List<Long> shape = encoding.zeroPoints().shape();
        Tensor zeros = Tensor.ints(shape, new int[encoding.scales().length]);
        return changed.withInput(Layer.BIAS, constant(name + ".bias", encoding.bias(), encoding.biasScales(), zeros));
    }

    private String constant(String name, Tensor integers, float[] scales, Tensor zeroPoints) {
        List<String> inputs = List.of(
                put(name + "_quantized", integers),
                put(name + "_scale", Tensor.floats(zeroPoints.shape(), scales)),
                put(name + "_zero_point", zeroPoints));
        String output = names.allocate(name + "_dequantized");
        nodes.add(new Node(
                names.allocate(name + "_dequantize"),
                "DequantizeLinear",
                inputs,
                List.of(output),
                Map.of("axis", Attribute.integer(0))));
        return output;
    }

    private String put(String base, Tensor tensor) {
        String name = names.allocate(base);
        initializers.put(name, tensor);
        return name;
    }
}
