package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An average over H and W, as ReduceMean or as AveragePool of the whole feature map, becomes GlobalAveragePool. */
final class GlobalAverage implements RewriteRule {
    private static final int FEATURE_MAP = 4;

    @Override
    public String name() {
        return "global-average";
    }

    @Override
    public Set<String> operators() {
        return Set.of("ReduceMean", "AveragePool");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<List<Size>> shape = edit.shapes().shape(node.input(0));
        boolean map = shape.isPresent()
                && shape.get().size() == FEATURE_MAP
                && !shape.get().get(1).perPicture();
        if (!map || !(node.isOperator("ReduceMean") ? isOverPixels(node) : isWhole(node, shape.get()))) {
            return;
        }
        boolean rows = node.isOperator("ReduceMean") && node.integer("keepdims", 1) == 0;
        List<String> outputs = rows ? List.of(edit.freshName(node.output() + ".average")) : node.outputs();
        String name = rows ? outputs.get(0) : node.name();
        Node average = new Node(name, "GlobalAveragePool", List.of(node.input(0)), outputs, Map.of());
        if (rows) {
            Map<String, Attribute> axis = Map.of("axis", Attribute.integer(1));
            edit.replace(node, average, new Node(node.name(), "Flatten", outputs, node.outputs(), axis));
        } else {
            edit.replace(node, average);
        }
    }

    private static boolean isOverPixels(Node node) {
        List<Long> axes = node.integers("axes").orElse(List.of()).stream()
                .map(axis -> axis < 0 ? axis + FEATURE_MAP : axis)
                .sorted()
                .toList();
        return axes.equals(List.of(2L, 3L));
    }

    private static boolean isWhole(Node node, List<Size> shape) {
        return node.integers("kernel_shape")
                        .filter(List.of(shape.get(2).factor(), shape.get(3).factor())::equals)
                        .isPresent()
                && node.integers("pads").orElse(List.of()).stream().allMatch(pad -> pad == 0)
                && node.text("auto_pad", "NOTSET").matches("NOTSET|VALID");
    }
}
