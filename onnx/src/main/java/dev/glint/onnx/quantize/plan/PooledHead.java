package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What comes behind the last global average pool of a network, where a convolution of 1x1 is a linear layer by another name. */
final class PooledHead {
    private PooledHead() {}

    /**
     * The names of the convolutions of which neither what they take nor what is made of it has more than one place: not
     * those of a squeeze-and-excitation block, whose result meets whole channels again.
     */
    static Set<String> convolutions(GraphIndex index) {
        Graph graph = index.graph();
        Set<String> pooled = pooled(index);
        Set<String> meetingChannels = new HashSet<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (!pooled.containsAll(node.outputs()) || node.outputs().stream().anyMatch(meetingChannels::contains)) {
                meetingChannels.addAll(node.inputs());
            }
        }
        Set<String> convolutions = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            boolean alone =
                    pooled.contains(node.input(0)) && node.outputs().stream().noneMatch(meetingChannels::contains);
            if (node.isOperator("Conv") && alone) {
                convolutions.add(node.name());
            }
        }
        return convolutions;
    }

    /** The values that are made of global averages alone. */
    private static Set<String> pooled(GraphIndex index) {
        Set<String> pooled = new HashSet<>();
        for (Node node : index.graph().nodes()) {
            List<String> taken = node.inputs().stream()
                    .filter(value -> !value.isEmpty() && index.constant(value).isEmpty())
                    .toList();
            boolean ofPooled = !taken.isEmpty() && pooled.containsAll(taken);
            if (node.isOperator("GlobalAveragePool") || ofPooled) {
                pooled.addAll(node.outputs());
            }
        }
        return pooled;
    }
}
