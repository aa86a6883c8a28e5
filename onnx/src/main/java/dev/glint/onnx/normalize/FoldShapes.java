package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.ConstantEvaluator;
import dev.glint.onnx.shape.Conversion;
import dev.glint.onnx.shape.Shapes;
import dev.glint.onnx.shape.Size;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is made of the shapes of values, and the same for any batch, becomes a constant. */
final class FoldShapes implements RewriteRule {

    @Override
    public String name() {
        return "fold-shapes";
    }

    @Override
    public Set<String> operators() {
        return Set.of(
                "Shape",
                "Size",
                "Identity",
                "Cast",
                "Squeeze",
                "Unsqueeze",
                "Reshape",
                "Gather",
                "Concat",
                "Slice",
                "Add",
                "Sub",
                "Mul",
                "Div",
                "ReduceProd");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Shapes shapes = edit.shapes();
        Optional<List<Size>> content = shapes.content(node.outputs().get(0));
        if (content.isEmpty() || content.get().stream().anyMatch(Size::perPicture)) {
            return;
        }
        long[] values = content.get().stream().mapToLong(Size::factor).toArray();
        List<Long> shape = ConstantEvaluator.fixedShape(shapes, node.output()).orElseThrow();
        ElementType type = shapes.type(node.output()).orElse(ElementType.INT64);
        Initializers.replace(node, Conversion.convert(Tensor.longs(values).withShape(shape), type), edit);
    }
}
