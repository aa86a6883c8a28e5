package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Softmax, LogSoftmax and Hardmax before operator set 13: all dimensions from {@code axis} (1, if it is not said) are taken as
 * one. That is Softmax along the axis where those behind it are 1; elsewhere it is done on a matrix.
 */
final class FlattenedSoftmax implements RewriteRule {

    @Override
    public String name() {
        return "flattened-softmax";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Softmax", "LogSoftmax", "Hardmax");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        long axis = node.integer("axis", 1);
        Optional<List<Size>> shape = edit.shapes().shape(node.input(0));
        if (shape.isPresent() && axis < 0) {
            axis += shape.get().size();
        }
        boolean last = shape.isPresent() && shape.get().stream().skip(axis + 1).allMatch(size -> size.equals(Size.ONE));
        if (last) {
            edit.replace(node, node.withAttribute("axis", Attribute.integer(axis)));
            return;
        }
        String sizes = edit.freshName(node.name() + ".shape");
        String matrix = edit.freshName(node.name() + ".matrix");
        String result = edit.freshName(node.name() + ".result");
        Map<String, Attribute> split = Map.of("axis", Attribute.integer(axis));
        Map<String, Attribute> columns = Map.of("axis", Attribute.integer(1));
        edit.replace(
                node,
                new Node(sizes, "Shape", List.of(node.input(0)), List.of(sizes), Map.of()),
                new Node(matrix, "Flatten", List.of(node.input(0)), List.of(matrix), split),
                new Node(result, node.op(), List.of(matrix), List.of(result), columns),
                new Node(node.name(), "Reshape", List.of(result, sizes), node.outputs(), Map.of()));
    }
}
