package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.Optional;
import java.util.Set;

/** Flatten of what was only reshaped before, picture by picture, flattens what that was made of. */
final class FlattenOnce implements RewriteRule {

    @Override
    public String name() {
        return "flatten-once";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Flatten");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        if (node.integer("axis", 1) != 1) {
            return;
        }
        Optional<Node> before = edit.standingProducer(node.input(0), "Reshape", "Flatten", "Squeeze", "Unsqueeze");
        boolean batchKept = before.isPresent()
                && startsWithBatch(before.get().input(0), edit)
                && startsWithBatch(before.get().output(), edit);
        if (batchKept) {
            edit.replace(node, node.withInput(0, before.get().input(0)));
        }
    }

    private static boolean startsWithBatch(String value, GraphEdit edit) {
        return edit.shapes()
                .shape(value)
                .filter(shape -> !shape.isEmpty() && shape.get(0).equals(Size.BATCH))
                .isPresent();
    }
}
