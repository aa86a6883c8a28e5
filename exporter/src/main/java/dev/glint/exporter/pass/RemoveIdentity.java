package dev.glint.exporter.pass;

import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Removes {@code Identity} nodes: their output's name goes to what they copy. */
public final class RemoveIdentity implements GraphPass {

    @Override
    public Graph apply(Graph graph) {
        Map<String, Node> producers = graph.producers();
        Map<String, String> renamed = new HashMap<>();
        List<Node> kept = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (!node.is("Identity")) {
                kept.add(node);
                continue;
            }
            String from = resolve(renamed, node.input(0));
            if (!graph.isOutput(node.output())) {
                renamed.put(node.output(), from);
            } else if (producers.containsKey(from) && !graph.isOutput(from)) {
                renamed.put(from, node.output());
            } else {
                kept.add(node.withInputs(List.of(from)));
            }
        }
        return graph.withNodes(kept.stream().map(node -> rename(node, renamed)).toList());
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
