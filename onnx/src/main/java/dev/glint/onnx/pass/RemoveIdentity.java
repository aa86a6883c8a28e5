package dev.glint.onnx.pass;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import java.util.Set;

/** Removes steps that copy, such as a multiplication by 1: their output's name goes to what they copy. */
public final class RemoveIdentity implements RewriteRule {

    @Override
    public String name() {
        return "remove-identity";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Identity", "Mul", "Div");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        GraphIndex before = edit.before();
        boolean copies = node.isOperator("Identity")
                || before.floatScalar(node.input(1))
                        .filter(factor -> factor == 1)
                        .isPresent();
        if (!copies) {
            return;
        }
        String source = edit.nameNow(node.input(0));
        if (!before.isOutput(node.output())) {
            edit.remove(node);
            edit.rename(node.output(), source);
        } else if (before.producer(source).isPresent() && !before.isOutput(source)) {
            edit.remove(node);
            edit.rename(source, node.output());
        }
    }
}
