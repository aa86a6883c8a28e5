package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.shape.LazyShapes;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;

/** Shows each node of a rule's operators to it, in their order. */
public record RulePass(RewriteRule rule) implements GraphPass {
    /**
     * A graph after a rule.
     *
     * @param graph the very same one if the rule did nothing
     * @param times how many nodes it changed
     */
    public record Rewritten(Graph graph, int times) {}

    @Override
    public Graph apply(GraphIndex index) {
        return rewrite(index, new LazyShapes(index.graph())).graph();
    }

    /** The same, with how often the rule did something, for a graph whose shapes somebody may know by now. */
    public Rewritten rewrite(GraphIndex index, LazyShapes shapes) {
        List<Node> nodes =
                index.graph().nodes().stream().filter(this::isConcerned).toList();
        if (nodes.isEmpty()) {
            return new Rewritten(index.graph(), 0);
        }
        GraphEdit edit = new GraphEdit(index, shapes);
        int times = 0;
        for (Node node : nodes) {
            int before = edit.changes();
            if (edit.stands(node)) {
                rewrite(node, edit);
            }
            times += edit.changes() > before ? 1 : 0;
        }
        return new Rewritten(edit.graph(), times);
    }

    private boolean isConcerned(Node node) {
        return node.domain().isEmpty() && rule.operators().contains(node.op());
    }

    private void rewrite(Node node, GraphEdit edit) {
        try {
            rule.rewrite(node, edit);
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException | ArithmeticException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            node + ", which the rule " + rule.name() + " cannot rewrite (" + e.getMessage() + ")",
                            "an operator as ONNX defines it",
                            "check the model with ONNX's checker; if that finds nothing, report it")
                    .causedBy(e);
        }
    }
}
