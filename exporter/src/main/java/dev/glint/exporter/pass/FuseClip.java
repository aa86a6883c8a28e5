package dev.glint.exporter.pass;

import dev.glint.exporter.graph.ElementType;
import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code Min(Relu(x), c)} and {@code Min(Max(x, a), c)} as one {@code Clip}, which disappears into a quantised
 * convolution where the pair would not.
 */
public final class FuseClip implements GraphPass {

    @Override
    public Graph apply(Graph graph) {
        Map<String, Node> producers = graph.producers();
        Map<String, List<Node>> consumers = graph.consumers();
        Map<String, Tensor> initializers = new LinkedHashMap<>(graph.initializers());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node lower = node.isOperator("Min") && node.inputs().size() == 2 ? producers.get(node.input(0)) : null;
            boolean alone =
                    lower != null && consumers.get(lower.output()).size() == 1 && !graph.isOutput(lower.output());
            String min = alone ? lowerBound(lower, initializers) : null;
            if (min == null || !isScalar(initializers.get(node.input(1)))) {
                nodes.add(node);
                continue;
            }
            nodes.remove(lower);
            nodes.add(new Node(
                    node.name(), "Clip", List.of(lower.input(0), min, node.input(1)), node.outputs(), Map.of()));
        }
        return graph.withNodes(nodes, initializers);
    }

    private static @Nullable String lowerBound(Node lower, Map<String, Tensor> initializers) {
        if (lower.isOperator("Relu")) {
            initializers.putIfAbsent("clip_zero", Tensor.scalar(0));
            return "clip_zero";
        }
        boolean bounds =
                lower.isOperator("Max") && lower.inputs().size() == 2 && isScalar(initializers.get(lower.input(1)));
        return bounds ? lower.input(1) : null;
    }

    private static boolean isScalar(@Nullable Tensor tensor) {
        return tensor != null
                && tensor.type() == ElementType.FLOAT
                && tensor.shape().isEmpty();
    }
}
