package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Activations that came after operator set 17, by their definitions: Mish (18) is {@code x tanh(softplus(x))}, Gelu (20) is {@code
 * x (1 + erf(x / sqrt 2)) / 2}, or its approximation {@code x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2}.
 */
final class NewerActivations implements RewriteRule {

    @Override
    public String name() {
        return "newer-activations";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Mish", "Gelu");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Steps steps = new Steps(node, edit);
        String x = node.input(0);
        if (node.isOperator("Mish")) {
            steps.last("Mul", x, steps.add("Tanh", steps.add("Softplus", x)));
            return;
        }
        String inner;
        if (node.text("approximate", "none").equals("tanh")) {
            String cube = steps.add("Mul", steps.add("Mul", x, x), x);
            String sum = steps.add("Add", x, steps.add("Mul", cube, steps.number("cube", 0.044715)));
            inner = steps.add("Tanh", steps.add("Mul", sum, steps.number("factor", Math.sqrt(2 / Math.PI))));
        } else {
            inner = steps.add("Erf", steps.add("Mul", x, steps.number("factor", Math.sqrt(0.5))));
        }
        String weight = steps.add("Add", inner, steps.number("one", 1));
        steps.last("Mul", steps.add("Mul", x, steps.number("half", 0.5)), weight);
    }

    /** The nodes that come for one. */
    private static final class Steps {
        private final Node node;
        private final GraphEdit edit;
        private final List<Node> nodes = new ArrayList<>();

        Steps(Node node, GraphEdit edit) {
            this.node = node;
            this.edit = edit;
        }

        String add(String op, String... inputs) {
            String name = edit.freshName(node.name() + "." + op);
            nodes.add(new Node(name, op, List.of(inputs), List.of(name), Map.of()));
            return name;
        }

        String number(String name, double value) {
            return edit.addConstant(node.name() + "." + name, Tensor.scalar((float) value));
        }

        void last(String op, String... inputs) {
            nodes.add(new Node(node.name(), op, List.of(inputs), node.outputs(), Map.of()));
            edit.replace(node, nodes.toArray(Node[]::new));
        }
    }
}
