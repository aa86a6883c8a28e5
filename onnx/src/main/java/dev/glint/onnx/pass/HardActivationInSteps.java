package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes {@code HardSigmoid} as {@code Clip(x + b/a, 0, 1/a) a} and {@code HardSwish} as the product of x and {@code
 * Clip(x + 3, 0, 6) / 6}: sums, clips and products have integer forms in ONNX Runtime, these two have none.
 */
final class HardActivationInSteps implements RewriteRule {

    @Override
    public String name() {
        return "hard-activation-in-steps";
    }

    @Override
    public Set<String> operators() {
        return Set.of("HardSigmoid", "HardSwish");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        if (node.isOperator("HardSwish")) {
            List<Node> steps = steps(node, edit, 3, 6, true);
            String gate = steps.get(steps.size() - 1).output();
            steps.add(new Node(node.name(), "Mul", List.of(node.input(0), gate), node.outputs(), Map.of()));
            edit.replace(node, steps.toArray(new Node[0]));
            return;
        }
        double alpha = node.real("alpha", 0.2f);
        double beta = node.real("beta", 0.5f);
        // Single precision says 0.16666667 for a sixth.
        double top = Math.abs(alpha * 6 - 1) < 1e-6 ? 6 : 1 / alpha;
        if (alpha > 0) {
            edit.replace(
                    node,
                    steps(node, edit, (float) (beta * top), (float) top, false).toArray(new Node[0]));
        }
    }

    /** {@code Clip(x + shift, 0, top) / top}. */
    private static List<Node> steps(Node node, GraphEdit edit, float shift, float top, boolean isGate) {
        String shiftName = edit.addConstant(node.name() + ".shift", Tensor.scalar(shift));
        String zeroName = edit.addConstant(node.name() + ".zero", Tensor.scalar(0));
        String topName = edit.addConstant(node.name() + ".top", Tensor.scalar(top));
        String shifted = edit.freshName(node.name() + ".shifted");
        String clipped = edit.freshName(node.name() + ".clipped");
        List<String> gate = isGate ? List.of(edit.freshName(node.name() + ".gate")) : node.outputs();
        return new ArrayList<>(List.of(
                new Node(shifted, "Add", List.of(node.input(0), shiftName), List.of(shifted), Map.of()),
                new Node(clipped, "Clip", List.of(shifted, zeroName, topName), List.of(clipped), Map.of()),
                new Node(isGate ? gate.get(0) : node.name(), "Div", List.of(clipped, topName), gate, Map.of())));
    }
}
