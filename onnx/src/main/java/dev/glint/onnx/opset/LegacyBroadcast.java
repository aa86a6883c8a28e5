package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * The settings {@code broadcast} and {@code axis} of arithmetic, which operator set 7 dropped but some exporters went on to write:
 * the second operand is laid against the first from that axis on, so that it gets dimensions of 1 behind.
 */
final class LegacyBroadcast implements RewriteRule {

    @Override
    public String name() {
        return "legacy-broadcast";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Add", "Sub", "Mul", "Div", "Pow", "And", "Or", "Xor", "Equal", "Less", "Greater", "Gemm");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        if (!node.attributes().containsKey("broadcast") && !node.attributes().containsKey("axis")) {
            return;
        }
        Node aligned = node.withoutAttributes("broadcast", "axis");
        if (node.attributes().containsKey("axis")) {
            int rank = edit.shapes()
                    .rank(node.input(0))
                    .orElseThrow(() -> new IllegalArgumentException("an operand of unknown rank"));
            Tensor constant = edit.constant(node.input(1))
                    .orElseThrow(() -> new IllegalArgumentException("an axis for what is not constant"));
            int axis = Math.toIntExact(node.integer("axis", 0));
            int behind =
                    rank - (axis < 0 ? axis + rank : axis) - constant.shape().size();
            List<Long> shape = new ArrayList<>(constant.shape());
            shape.addAll(Collections.nCopies(behind, 1L));
            String name = edit.addConstant(node.name() + ".operand", constant.withShape(shape));
            aligned = aligned.withInput(1, name);
        }
        edit.replace(node, aligned);
    }
}
