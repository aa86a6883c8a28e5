package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** A constant of one element that is an operand of arithmetic becomes a scalar, if the other operand has the more dimensions. */
final class ScalarShape implements RewriteRule {

    @Override
    public String name() {
        return "scalar-shape";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Add", "Sub", "Mul", "Div", "Pow", "Min", "Max", "Clip");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Node changed = node;
        for (int i = 0; i < node.inputs().size(); i++) {
            String input = node.input(i);
            Optional<Tensor> constant = edit.before().constant(input);
            if (constant.isPresent()
                    && constant.get().size() == 1
                    && !constant.get().shape().isEmpty()
                    && keepsRank(node, i, constant.get().shape().size(), edit)) {
                changed = changed.withInput(
                        i, edit.addConstant(input + ".scalar", constant.get().withShape(List.of())));
            }
        }
        if (!changed.equals(node)) {
            edit.replace(node, changed);
        }
    }

    private static boolean keepsRank(Node node, int operand, int rank, GraphEdit edit) {
        if (node.isOperator("Clip")) {
            return operand > 0;
        }
        return IntStream.range(0, node.inputs().size())
                .filter(i -> i != operand)
                .mapToObj(i -> edit.shapes().rank(node.input(i)))
                .anyMatch(other -> other.isPresent() && other.get() >= rank);
    }
}
