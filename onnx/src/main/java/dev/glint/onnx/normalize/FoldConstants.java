package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.ConstantEvaluator;
import java.util.Optional;
import java.util.Set;

/** Computes what only depends on constants, but never more than there is room for. */
final class FoldConstants implements RewriteRule {
    @Override
    public String name() {
        return "fold-constants";
    }

    @Override
    public Set<String> operators() {
        return Set.of(
                "ConstantOfShape",
                "Identity",
                "Dropout",
                "Reshape",
                "Flatten",
                "Squeeze",
                "Unsqueeze",
                "Cast",
                "Transpose",
                "Expand",
                "Concat",
                "Slice",
                "Gather",
                "Add",
                "Sub",
                "Mul",
                "Div",
                "Pow",
                "Min",
                "Max",
                "Sqrt",
                "Neg",
                "Abs",
                "Exp",
                "Log",
                "Reciprocal",
                "Floor",
                "Ceil");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        boolean constant = node.outputs().size() == 1
                && node.inputs().stream()
                        .allMatch(
                                input -> input.isEmpty() || edit.constant(input).isPresent());
        // Inputs that came about in this pass have no shapes yet; the next one sees them.
        Optional<Long> bytes = constant ? ConstantEvaluator.outputBytes(node, edit.shapes()) : Optional.empty();
        if (bytes.isEmpty()) {
            return;
        }
        edit.requireRoom(bytes.get());
        Optional<Tensor> value = ConstantEvaluator.evaluate(node, edit.shapes(), edit::constant);
        value.ifPresent(tensor -> Initializers.replace(node, tensor, edit));
    }
}
