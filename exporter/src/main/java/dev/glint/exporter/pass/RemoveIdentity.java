package dev.glint.exporter.pass;

import dev.glint.exporter.graph.ElementType;
import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Removes steps that copy, such as a multiplication by 1: their output's name goes to what they copy. */
public final class RemoveIdentity implements GraphPass {

    @Override
    public Graph apply(Graph graph) {
        Map<String, Node> producers = graph.producers();
        Map<String, String> renamed = new HashMap<>();
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!copies(node, graph)) {
                kept.add(node);
                continue;
            }
            String from = resolve(renamed, node.input(0));
            if (!graph.isOutput(node.output())) {
                renamed.put(node.output(), from);
            } else if (producers.containsKey(from) && !graph.isOutput(from)) {
                renamed.put(from, node.output());
            } else {
                kept.add(node);
            }
        }
        return graph.withNodes(kept.stream().map(node -> rename(node, renamed)).toList());
    }

    private static boolean copies(Node node, Graph graph) {
        if (node.isOperator("Mul", "Div")) {
            Tensor factor = graph.initializers().get(node.input(1));
            return factor != null
                    && factor.type() == ElementType.FLOAT
                    && factor.shape().isEmpty()
                    && factor.toFloats()[0] == 1;
        }
        return node.isOperator("Identity");
    }

    private static Node rename(Node node, Map<String, String> renamed) {
        return node.withInputs(node.inputs().stream()
                        .map(value -> resolve(renamed, value))
                        .toList())
                .withOutputs(node.outputs().stream()
                        .map(value -> resolve(renamed, value))
                        .toList());
    }

    private static String resolve(Map<String, String> renamed, String value) {
        String name = value;
        while (renamed.containsKey(name)) {
            name = renamed.get(name);
        }
        return name;
    }
}
