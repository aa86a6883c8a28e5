package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;

/** Shows each node of a rule's operators to it, in their order. */
record RulePass(RewriteRule rule) implements GraphPass {
    @Override
    public Graph apply(GraphIndex index) {
        GraphEdit edit = new GraphEdit(index);
        for (Node node : index.graph().nodes()) {
            boolean unchanged = node.outputs().stream()
                    .flatMap(value -> edit.producer(value).stream())
                    .anyMatch(node::equals);
            if (unchanged && node.domain().isEmpty() && rule.operators().contains(node.op())) {
                rewrite(node, edit);
            }
        }
        return edit.graph();
    }

    private void rewrite(Node node, GraphEdit edit) {
        try {
            rule.rewrite(node, edit);
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            throw GlintException.failure(
                            Reason.MODEL,
                            node + ", which the rule " + rule.name() + " cannot rewrite (" + e.getMessage() + ")",
                            "an operator as ONNX defines it",
                            "check the model with ONNX's checker; if that finds nothing, report it")
                    .causedBy(e);
        }
    }
}
