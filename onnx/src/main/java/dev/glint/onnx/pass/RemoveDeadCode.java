package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes nodes and initializers that no output needs. */
public final class RemoveDeadCode implements GraphPass {

    @Override
    public Graph apply(GraphIndex index) {
        Graph graph = index.graph();
        Set<String> needed = new HashSet<>();
        graph.outputs().forEach(output -> needed.add(output.name()));
        List<Node> kept = new ArrayList<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                needed.addAll(node.inputs());
                needed.remove("");
                kept.add(node);
            }
        }
        Collections.reverse(kept);
        Map<String, Tensor> constants = index.copyOfConstants();
        boolean dropped = constants.keySet().retainAll(needed);
        return dropped || kept.size() < graph.nodes().size() ? graph.withNodes(kept, constants) : graph;
    }
}
