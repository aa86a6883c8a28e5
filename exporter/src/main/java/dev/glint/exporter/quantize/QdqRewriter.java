package dev.glint.exporter.quantize;

import dev.glint.exporter.graph.Attribute;
import dev.glint.exporter.graph.ElementType;
import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.Tensor;
import dev.glint.exporter.graph.ValueInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes a plan into a graph: {@code QuantizeLinear} and {@code DequantizeLinear} around each encoded value, integer
 * weights and biases before their {@code DequantizeLinear}. The result is a float graph still, with the roundings of an
 * integer one in it; a runtime fuses it to integer operators.
 */
final class QdqRewriter {
    private final Graph graph;
    private final QuantizationPlan plan;
    private final Map<String, ActivationEncoding> encodings;
    private final Map<String, Node> producers;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> initializers;

    QdqRewriter(Graph graph, QuantizationPlan plan, Map<String, ActivationEncoding> encodings) {
        this.graph = graph;
        this.plan = plan;
        this.encodings = encodings;
        this.producers = graph.producers();
        this.initializers = new LinkedHashMap<>(graph.initializers());
    }

    Graph rewrite() {
        Set<String> inputs = graph.inputs().stream().map(ValueInfo::name).collect(Collectors.toSet());
        plan.values().keySet().stream().filter(inputs::contains).forEach(this::encode);
        for (Node node : graph.nodes()) {
            Node taking = node.withInputs(
                    node.inputs().stream().map(value -> taken(node, value)).toList());
            boolean layer = plan.integerNodes().contains(node.name()) && node.isOperator("Conv", "Gemm");
            nodes.add((layer ? withIntegerWeights(node, taking) : taking)
                    .withOutputs(node.outputs().stream().map(this::made).toList()));
            node.outputs().stream().filter(plan.values()::containsKey).forEach(this::encode);
        }
        return graph.withNodes(nodes, initializers);
    }

    /** What a node takes instead of a value: the decoded bytes, but a float step keeps what another one made. */
    private String taken(Node node, String value) {
        boolean floats = !plan.integerNodes().contains(node.name()) && !isMadeByIntegers(value);
        return plan.values().containsKey(value) && !floats ? decoded(value) : value;
    }

    private boolean isMadeByIntegers(String value) {
        Node producer = producers.get(value);
        return producer != null && plan.integerNodes().contains(producer.name());
    }

    /** An encoded value that leaves the graph leaves it decoded, so its float form needs another name. */
    private String made(String value) {
        return plan.values().containsKey(value) && graph.isOutput(value) ? value + "_float" : value;
    }

    private String decoded(String value) {
        return graph.isOutput(value) ? value : value + "_dequantized";
    }

    private void encode(String value) {
        ActivationEncoding encoding = encodings.get(value);
        String scale = put(value + "_scale", Tensor.scalar(encoding.scale()));
        byte[] zero = {(byte) encoding.zeroPoint()};
        String zeroPoint = put(value + "_zero_point", new Tensor(ElementType.UINT8, List.of(), zero));
        String bytes = value + "_quantized";
        nodes.add(new Node(
                value + "_quantize",
                "QuantizeLinear",
                List.of(made(value), scale, zeroPoint),
                List.of(bytes),
                Map.of()));
        nodes.add(new Node(
                value + "_dequantize",
                "DequantizeLinear",
                List.of(bytes, scale, zeroPoint),
                List.of(decoded(value)),
                Map.of()));
    }

    private Node withIntegerWeights(Node layer, Node taking) {
        Tensor weight = initializers.get(layer.input(1));
        boolean hasBias = !layer.input(2).isEmpty();
        int channels = weight.shape().get(0).intValue();
        float[] bias = hasBias ? bias(initializers.get(layer.input(2)), channels) : new float[channels];
        float inputScale = encodings.get(layer.input(0)).scale();
        WeightEncoding encoding = WeightEncoding.encode(weight, bias, inputScale);
        List<Long> perChannel = List.of((long) channels);
        String name = layer.name();
        Node changed = taking.withInput(
                1,
                constant(
                        name + ".weight",
                        encoding.weights(),
                        encoding.scales(),
                        new Tensor(ElementType.INT8, perChannel, new byte[channels])));
        return hasBias
                ? changed.withInput(
                        2,
                        constant(
                                name + ".bias",
                                encoding.bias(),
                                encoding.biasScales(),
                                Tensor.ints(perChannel, new int[channels])))
                : changed;
    }

    /** A linear layer's bias may be one value for all. */
    private static float[] bias(Tensor tensor, int channels) {
        float[] values = tensor.toFloats();
        float[] bias = new float[channels];
        for (int c = 0; c < channels; c++) {
            bias[c] = values[values.length == 1 ? 0 : c];
        }
        return bias;
    }

    private String constant(String name, Tensor integers, float[] scales, Tensor zeroPoints) {
        List<String> inputs = List.of(
                put(name + "_quantized", integers),
                put(name + "_scale", Tensor.floats(zeroPoints.shape(), scales)),
                put(name + "_zero_point", zeroPoints));
        String output = name + "_dequantized";
        nodes.add(new Node(
                name + "_dequantize",
                "DequantizeLinear",
                inputs,
                List.of(output),
                Map.of("axis", Attribute.integer(0))));
        return output;
    }

    private String put(String name, Tensor tensor) {
        initializers.put(name, tensor);
        return name;
    }
}
