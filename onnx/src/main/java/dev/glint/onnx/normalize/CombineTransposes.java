package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A Transpose of a Transpose is one, or nothing. */
final class CombineTransposes implements RewriteRule {

    @Override
    public String name() {
        return "combine-transposes";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Transpose");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<Node> before = edit.standingProducer(node.input(0), "Transpose");
        Optional<List<Long>> first = before.flatMap(inner -> inner.integers("perm"));
        Optional<List<Long>> second = node.integers("perm");
        if (first.isEmpty() || second.isEmpty()) {
            return;
        }
        List<Long> both = second.get().stream()
                .map(axis -> first.get().get(axis.intValue()))
                .toList();
        edit.replace(node, node.withInput(0, before.get().input(0)).withAttribute("perm", Attribute.integers(both)));
    }
}
