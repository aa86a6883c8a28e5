package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.ConstantEvaluator;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Optional;
import java.util.Set;

/** Computes what only depends on constants, but never more than a limit. */
final class FoldConstants implements RewriteRule {
    /** More than the largest layer of a classifier. */
    private static final long MAX_BYTES = 1L << 28;
    /** For a graph with all its constants. */
    private long left = 1L << 30;

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
        if (bytes.get() > Math.min(MAX_BYTES, left)) {
            throw GlintException.failure(
                    Reason.LIMIT,
                    node + ", a constant of " + bytes.get() + " bytes",
                    "at most " + Math.min(MAX_BYTES, left),
                    "use a smaller model");
        }
        Optional<Tensor> value = ConstantEvaluator.evaluate(node, edit.shapes(), edit::constant);
        if (value.isPresent()) {
            left -= bytes.get();
            Initializers.replace(node, value.get(), edit);
        }
    }
}
