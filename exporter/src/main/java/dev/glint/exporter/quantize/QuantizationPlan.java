package dev.glint.exporter.quantize;

import dev.glint.exporter.graph.ElementType;
import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a graph is computed in integers, as ONNX Runtime's QDQ fusions want it: a byte encoding on each input of a
 * convolution, pool, addition, product or concatenation and on its output; nothing between a convolution or addition and
 * its ReLU, which the encoding's lower end replaces. A sigmoid of bytes becomes a table.
 *
 * @param integerNodes the names of the nodes that become integer operators, with the activations that vanish in them
 * @param values the values that are encoded, each with the value whose range decides the encoding: mostly itself, but
 *     the input for a max-pool or reshape, which takes bytes as they are
 */
public record QuantizationPlan(Set<String> integerNodes, Map<String, String> values) {

    /** Which layers at the end of a network become integer operators too. */
    public enum Head {
        /** Global average pool and linear layers stay in float: half the error of a small network, at no cost. */
        FLOAT,
        /** Global average pool, flatten and linear layers become integer operators. */
        INTEGER
    }

    public QuantizationPlan {
        integerNodes = Collections.unmodifiableSet(new LinkedHashSet<>(integerNodes));
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Plans a float graph. */
    public static QuantizationPlan derive(Graph graph, Head head) {
        return new Planner(graph, head).plan();
    }

    /** The values whose ranges must be known. */
    public Set<String> calibrated() {
        return new LinkedHashSet<>(values.values());
    }

    private static final class Planner {
        private final Graph graph;
        private final Head head;
        private final Map<String, List<Node>> consumers;
        private final Set<String> integerNodes = new LinkedHashSet<>();
        private final Map<String, String> values = new LinkedHashMap<>();
        private final Map<String, Node> integerValues = new HashMap<>();

        Planner(Graph graph, Head head) {
            this.graph = graph;
            this.head = head;
            this.consumers = graph.consumers();
        }

        QuantizationPlan plan() {
            for (Node node : graph.nodes()) {
                if (isInteger(node)) {
                    add(node);
                }
            }
            return new QuantizationPlan(integerNodes, values);
        }

        private boolean isInteger(Node node) {
            List<String> inputs = activations(node);
            boolean allInteger = inputs.stream().allMatch(integerValues::containsKey);
            return switch (node.domain().isEmpty() ? node.op() : "") {
                case "Conv" -> hasConstants(node);
                case "Add" -> inputs.size() == 2 && inputs.stream().anyMatch(integerValues::containsKey);
                case "MaxPool" -> allInteger && node.outputs().size() == 1;
                case "Mul" -> inputs.size() == 2 && allInteger;
                case "AveragePool", "Concat", "Sigmoid", "LeakyRelu" -> allInteger;
                case "GlobalAveragePool", "Flatten", "Reshape" ->
                    allInteger && (head == Head.INTEGER || isBeforeConvolution(node));
                case "Gemm" -> head == Head.INTEGER && isLinear(node) && hasConstants(node);
                default -> false;
            };
        }

        private void add(Node node) {
            integerNodes.add(node.name());
            activations(node).forEach(value -> values.putIfAbsent(value, value));
            String output = node.output();
            Node activation = node.isOperator("Conv", "Add", "Gemm") ? activationOf(output) : null;
            if (activation != null) {
                integerNodes.add(activation.name());
                output = activation.output();
            }
            integerValues.put(output, node);
            boolean logits = node.isOperator("Gemm") && graph.isOutput(output);
            if (!logits) {
                boolean moves = node.isOperator("MaxPool", "Flatten", "Reshape");
                values.putIfAbsent(output, moves ? values.get(node.input(0)) : output);
            }
        }

        /** Whether a convolution comes behind, as in squeeze and excitation; if none does, the head has begun. */
        private boolean isBeforeConvolution(Node node) {
            return consumers.getOrDefault(node.output(), List.of()).stream()
                    .anyMatch(taker -> taker.isOperator("Conv") || isBeforeConvolution(taker));
        }

        /** The ReLU or clip that alone takes a value. */
        private @Nullable Node activationOf(String value) {
            List<Node> takers = consumers.getOrDefault(value, List.of());
            if (takers.size() != 1 || graph.isOutput(value)) {
                return null;
            }
            Node taker = takers.get(0);
            return taker.isOperator("Relu") || taker.isOperator("Clip") && startsAtZero(taker) ? taker : null;
        }

        private boolean startsAtZero(Node clip) {
            Tensor min = graph.initializers().get(clip.input(1));
            return min != null && min.toFloats()[0] == 0 && graph.initializers().containsKey(clip.input(2));
        }

        private boolean isLinear(Node node) {
            return node.integer("transB", 0) == 1
                    && node.integer("transA", 0) == 0
                    && node.real("alpha", 1) == 1
                    && node.real("beta", 1) == 1;
        }

        private boolean hasConstants(Node node) {
            return isConstant(node.input(1)) && (node.input(2).isEmpty() || isConstant(node.input(2)));
        }

        private boolean isConstant(String value) {
            Tensor tensor = graph.initializers().get(value);
            return tensor != null && tensor.type() == ElementType.FLOAT;
        }

        private List<String> activations(Node node) {
            int count = node.isOperator("Conv", "Gemm") ? 1 : node.inputs().size();
            List<String> inputs = new ArrayList<>(node.inputs().subList(0, count));
            inputs.removeIf(value -> graph.initializers().containsKey(value));
            return inputs;
        }
    }
}
