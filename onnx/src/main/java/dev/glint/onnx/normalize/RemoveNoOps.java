package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Shapes;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What leaves every element as and where it is becomes Identity: Dropout, a Cast to the same type, a Reshape to the same shape, a
 * Pad of nothing, a Slice of all, a Concat of one.
 */
final class RemoveNoOps implements RewriteRule {
    private static final int STEPS = 4;

    @Override
    public String name() {
        return "remove-no-ops";
    }

    @Override
    public Set<String> operators() {
        return Set.of(
                "Dropout",
                "Cast",
                "Reshape",
                "Flatten",
                "Squeeze",
                "Unsqueeze",
                "Expand",
                "Slice",
                "Pad",
                "Transpose",
                "Concat",
                "Split",
                "AveragePool",
                "MaxPool");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        if (changesNothing(node, edit)) {
            List<String> source = List.of(node.input(0));
            edit.replace(node, new Node(node.name(), "Identity", source, node.outputs(), Map.of()));
        }
    }

    private static boolean changesNothing(Node node, GraphEdit edit) {
        Shapes shapes = edit.shapes();
        if (node.outputs().size() != 1) {
            return false;
        }
        boolean sameShape = shapes.shape(node.input(0)).isPresent()
                && shapes.shape(node.input(0)).equals(shapes.shape(node.output()));
        return switch (node.op()) {
            case "Dropout" -> true;
            case "Concat", "Split" ->
                node.op().equals("Split") ? sameShape : node.inputs().size() == 1;
            case "Cast" ->
                shapes.type(node.input(0)).isPresent()
                        && shapes.type(node.input(0)).equals(shapes.type(node.output()));
            case "Transpose" -> keepsOrder(node);
            case "Slice" -> sameShape && goesForward(node, edit);
            case "Pad" -> sameShape && padsNothing(node, edit);
            case "AveragePool", "MaxPool" ->
                sameShape
                        && node.integers("kernel_shape").orElse(List.of()).stream()
                                .allMatch(k -> k == 1);
            default -> sameShape;
        };
    }

    private static boolean keepsOrder(Node node) {
        List<Long> order = node.integers("perm").orElse(List.of());
        boolean kept = !order.isEmpty();
        for (int i = 0; i < order.size(); i++) {
            kept &= order.get(i) == i;
        }
        return kept;
    }

    private static boolean goesForward(Node node, GraphEdit edit) {
        return node.input(STEPS).isEmpty()
                || edit.shapes().content(node.input(STEPS)).stream()
                        .anyMatch(steps -> steps.stream().allMatch(step -> step.factor() > 0));
    }

    private static boolean padsNothing(Node node, GraphEdit edit) {
        return edit.shapes().content(node.input(1)).stream()
                .anyMatch(pads -> pads.stream().allMatch(pad -> pad.equalsNumber(0)));
    }
}
