package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.List;
import java.util.Set;

/** Split into {@code num_outputs} parts, which is new in operator set 18, with their sizes said; the last may be smaller. */
final class EqualParts implements RewriteRule {

    @Override
    public String name() {
        return "equal-parts";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Split");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        if (!node.attributes().containsKey("num_outputs")) {
            return;
        }
        List<Size> shape = edit.shapes()
                .shape(node.input(0))
                .orElseThrow(() -> new IllegalArgumentException("an input of unknown shape"));
        long axis = node.integer("axis", 0);
        Size size = shape.get((int) (axis < 0 ? axis + shape.size() : axis));
        if (size.perPicture()) {
            throw new IllegalArgumentException("a batch that is split");
        }
        int count = node.outputs().size();
        long part = (size.factor() + count - 1) / count;
        long[] parts = new long[count];
        for (int i = 0; i < count; i++) {
            parts[i] = i < count - 1 ? part : size.factor() - part * (count - 1);
        }
        String sizes = edit.addConstant(node.name() + ".split", Tensor.longs(parts));
        edit.replace(node, node.withInputs(List.of(node.input(0), sizes)).withoutAttributes("num_outputs"));
    }
}
