package dev.glint.onnx.quantize.write;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A graph while it is written anew: nodes and constants under names that nothing has yet. */
final class GraphDraft {
    private final GraphIndex index;
    private final FreshNames names;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> initializers;

    GraphDraft(GraphIndex index) {
        this.index = index;
        this.names = FreshNames.avoiding(index.graph());
        this.initializers = index.copyOfConstants();
    }

    void add(Node node) {
        nodes.add(node);
    }

    /** Adds a node with one output, whose name is the base or made of it; returns that. */
    String add(String op, String base, List<String> inputs, Map<String, Attribute> attributes) {
        String output = names.allocate(base);
        nodes.add(new Node(names.allocate(base + "_node"), op, inputs, List.of(output), attributes));
        return output;
    }

    String fresh(String base) {
        return names.allocate(base);
    }

    /** Adds a constant; returns its name. */
    String put(String base, Tensor tensor) {
        String name = names.allocate(base);
        initializers.put(name, tensor);
        return name;
    }

    Graph graph() {
        return index.graph().withNodes(nodes, initializers);
    }
}
