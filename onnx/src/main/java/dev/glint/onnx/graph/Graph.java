package dev.glint.onnx.graph;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A computation: nodes in an order in which they can run, each value made once.
 *
 * @param name what it is called
 * @param inputs what it takes
 * @param outputs what it gives
 * @param nodes the operators; each comes after those whose values it takes
 * @param initializers constants by name, in their order
 */
public record Graph(
        String name,
        List<ValueInfo> inputs,
        List<ValueInfo> outputs,
        List<Node> nodes,
        Map<String, Tensor> initializers) {

    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
        requireSound(inputs, outputs, nodes, initializers);
    }

    private static void requireSound(
            List<ValueInfo> inputs, List<ValueInfo> outputs, List<Node> nodes, Map<String, Tensor> initializers) {
        Set<String> known = new HashSet<>(initializers.keySet());
        for (ValueInfo input : inputs) {
            require(known.add(input.name()), input.name(), "defined twice");
        }
        for (Node node : nodes) {
            for (String input : node.inputs()) {
                require(input.isEmpty() || known.contains(input), input, "used by " + node + " before it is made");
            }
            for (String output : node.outputs()) {
                require(output.isEmpty() || known.add(output), output, "made twice");
            }
        }
        for (ValueInfo output : outputs) {
            require(known.contains(output.name()), output.name(), "an output that nothing makes");
        }
    }

    private static void require(boolean condition, String value, String problem) {
        if (!condition) {
            throw new IllegalArgumentException("value " + value + ": " + problem);
        }
    }

    /** The same graph with other nodes. */
    public Graph withNodes(List<Node> newNodes) {
        return new Graph(name, inputs, outputs, newNodes, initializers);
    }

    /** The same graph with other nodes and initializers. */
    public Graph withNodes(List<Node> newNodes, Map<String, Tensor> newInitializers) {
        return new Graph(name, inputs, outputs, newNodes, newInitializers);
    }

    /** The same graph with other outputs. */
    public Graph withOutputs(List<ValueInfo> newOutputs) {
        return new Graph(name, inputs, newOutputs, nodes, initializers);
    }
}
