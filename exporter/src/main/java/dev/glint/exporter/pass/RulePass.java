package dev.glint.exporter.pass;

import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.GraphIndex;
import dev.glint.exporter.graph.Node;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shows each node, in their order, to the rules that are registered for its operator. */
final class RulePass implements GraphPass {
    private final Map<String, List<RewriteRule>> rules = new HashMap<>();

    RulePass(RewriteRule... rules) {
        for (RewriteRule rule : rules) {
            rule.operators()
                    .forEach(op -> this.rules
                            .computeIfAbsent(op, key -> new ArrayList<>())
                            .add(rule));
        }
    }

    @Override
    public Graph apply(GraphIndex index) {
        GraphEdit edit = new GraphEdit(index);
        for (Node node : index.graph().nodes()) {
            for (RewriteRule rule : rules.getOrDefault(node.op(), List.of())) {
                boolean unchanged = node.outputs().stream()
                        .flatMap(value -> edit.producer(value).stream())
                        .anyMatch(node::equals);
                if (unchanged && node.domain().isEmpty()) {
                    rewrite(rule, node, edit);
                }
            }
        }
        return edit.graph();
    }

    private static void rewrite(RewriteRule rule, Node node, GraphEdit edit) {
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
