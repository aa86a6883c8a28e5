package dev.glint.onnx.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A graph, and who makes and who takes each of its values, found once for all that ask. */
public final class GraphIndex {
    private final Graph graph;
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, List<Node>> consumers = new HashMap<>();
    private final Set<String> inputs;
    private final Set<String> outputs;

    /** Indexes a graph. */
    public GraphIndex(Graph graph) {
        this.graph = graph;
        this.inputs = names(graph.inputs());
        this.outputs = names(graph.outputs());
        for (Node node : graph.nodes()) {
            node.outputs().forEach(output -> producers.put(output, node));
            for (String input : new LinkedHashSet<>(node.inputs())) {
                consumers.computeIfAbsent(input, key -> new ArrayList<>()).add(node);
            }
        }
        // An optional input or output that is left out has no name, and is nobody's.
        producers.remove("");
        consumers.remove("");
    }

    private static Set<String> names(List<ValueInfo> values) {
        return values.stream().map(ValueInfo::name).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** What is indexed. */
    public Graph graph() {
        return graph;
    }

    /** The node that makes a value; empty for inputs and constants. */
    public Optional<Node> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** The nodes that take a value, in their order; a node that takes it twice stands once. */
    public List<Node> consumers(String value) {
        return Collections.unmodifiableList(consumers.getOrDefault(value, List.of()));
    }

    /** The node that alone sees a value: no other takes it, and it does not leave the graph. */
    public Optional<Node> soleConsumer(String value) {
        List<Node> takers = consumers(value);
        return takers.size() == 1 && !isOutput(value) ? Optional.of(takers.get(0)) : Optional.empty();
    }

    /** Whether a value enters the graph. */
    public boolean isInput(String value) {
        return inputs.contains(value);
    }

    /** Whether a value leaves the graph. */
    public boolean isOutput(String value) {
        return outputs.contains(value);
    }

    /** A constant by its name. */
    public Optional<Tensor> constant(String value) {
        return Optional.ofNullable(graph.initializers().get(value));
    }

    /** The number that a constant of one float stands for. */
    public Optional<Float> floatScalar(String value) {
        return constant(value)
                .filter(tensor ->
                        tensor.type() == ElementType.FLOAT && tensor.shape().isEmpty())
                .map(tensor -> tensor.toFloats()[0]);
    }

    /** Constants by name, in their order, to be changed. */
    public Map<String, Tensor> copyOfConstants() {
        return new LinkedHashMap<>(graph.initializers());
    }
}
