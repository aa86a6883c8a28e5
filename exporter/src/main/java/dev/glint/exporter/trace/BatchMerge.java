package dev.glint.exporter.trace;

import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.Tensor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds where the batch size went into a graph, by comparing the traces of two batch sizes: they must be equal but for
 * one dimension of a target shape of {@code Reshape}, which becomes -1.
 */
final class BatchMerge {
    private BatchMerge() {}

    /** The constants of both traces, free of the batch size. */
    static Map<String, Tensor> merge(Recorder one, Recorder other) {
        List<Node> nodes = one.nodes();
        if (!nodes.equals(other.nodes())
                || one.initializers().size() != other.initializers().size()) {
            throw dependent("a block whose steps depend on the number of pictures in a batch");
        }
        Map<String, Tensor> merged = new LinkedHashMap<>();
        one.initializers().forEach((name, tensor) -> {
            Tensor twin = other.initializers().get(name);
            if (tensor.equals(twin)) {
                merged.put(name, tensor);
            } else if (twin != null && isTargetShape(nodes, name)) {
                merged.put(name, freed(name, tensor.toLongs(), twin.toLongs()));
            } else {
                throw dependent("a constant (" + name + ") that depends on the number of pictures in a batch");
            }
        });
        return merged;
    }

    private static boolean isTargetShape(List<Node> nodes, String name) {
        return nodes.stream()
                .anyMatch(node -> node.isOperator("Reshape") && node.input(1).equals(name));
    }

    private static Tensor freed(String name, long[] one, long[] other) {
        int free = 0;
        for (int i = 0; i < one.length; i++) {
            if (i >= other.length || one[i] != other[i]) {
                one[i] = -1;
                free++;
            }
        }
        if (free != 1 || one.length != other.length) {
            throw dependent("a shape (" + name + ") that depends on the number of pictures in several dimensions");
        }
        return Tensor.longs(one);
    }

    private static GlintException dependent(String found) {
        return GlintException.failure(
                Reason.MODEL,
                found,
                "the same steps for any batch",
                "keep the batch as the first dimension throughout the block");
    }
}
