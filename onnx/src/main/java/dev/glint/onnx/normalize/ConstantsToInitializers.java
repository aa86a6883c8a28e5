package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.ConstantEvaluator;
import java.util.Set;

/** Constant nodes become initializers. */
final class ConstantsToInitializers implements RewriteRule {

    @Override
    public String name() {
        return "constants-to-initializers";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Constant");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        ConstantEvaluator.evaluate(node, edit.shapes(), edit::constant)
                .ifPresent(tensor -> Initializers.replace(node, tensor, edit));
    }
}
