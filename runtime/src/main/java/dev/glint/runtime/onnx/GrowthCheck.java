package dev.glint.runtime.onnx;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;

/**
 * Goes through graphs as far as shapes follow from what the file says, and counts what nodes give beyond the largest value that
 * they take: a few bytes that tell of a tensor of gigabytes are refused before anyone makes it. Of a free batch it sees one
 * picture; what is computed only when the model runs it cannot see.
 */
final class GrowthCheck {
    private final long most;
    private final NodeShapes shapes = new NodeShapes();
    private long grown;

    GrowthCheck(long most) {
        this.most = most;
    }

    /** Adds a graph whose surroundings were added before. */
    void check(OnnxGraph graph, List<OnnxNode> sorted) {
        for (Initializer initializer : graph.initializers()) {
            shapes.addConstant(initializer.name(), initializer);
        }
        for (ValueInfo input : graph.inputs()) {
            shapes.addInput(input);
        }
        for (OnnxNode node : sorted) {
            long[] given = shapes.add(node);
            if (given != null) {
                count(node, given);
            }
        }
    }

    private void count(OnnxNode node, long[] given) {
        long taken = 0;
        for (String input : node.inputs()) {
            long[] shape = shapes.shape(input);
            taken = shape == null ? taken : Math.max(taken, NodeShapes.elements(shape));
        }
        long elements = NodeShapes.elements(given);
        grown += Math.max(0, elements - taken);
        if (grown > most) {
            StringBuilder sizes = new StringBuilder();
            for (long size : given) {
                sizes.append(sizes.isEmpty() ? "" : ", ").append(size);
            }
            throw GlintException.failure(
                    Reason.MODEL,
                    "a node " + node.operator() + " that makes [" + sizes + "] of " + taken + " numbers",
                    "at most " + most + " more than all nodes take",
                    "take a model that needs less");
        }
    }
}
