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

/** A Reshape of one channel from (N, H, W, 1) to (N, 1, H, W) is the Transpose that TensorFlow's exporter spared. */
final class ReshapeAsTranspose implements RewriteRule {
    private static final int RANK = 4;

    @Override
    public String name() {
        return "reshape-as-transpose";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Reshape");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<List<Size>> last = edit.shapes().shape(node.input(0)).filter(ReshapeAsTranspose::isOneChannelLast);
        boolean first = last.isPresent()
                && edit.shapes()
                        .shape(node.output())
                        .filter(List.of(
                                last.get().get(0),
                                Size.ONE,
                                last.get().get(1),
                                last.get().get(2))::equals)
                        .isPresent();
        if (first) {
            Map<String, Attribute> order = Map.of("perm", Attribute.integers(TransposeUpwards.TO_CHANNELS_FIRST));
            edit.replace(node, new Node(node.name(), "Transpose", List.of(node.input(0)), node.outputs(), order));
        }
    }

    private static boolean isOneChannelLast(List<Size> shape) {
        return shape.size() == RANK
                && shape.get(RANK - 1).equals(Size.ONE)
                && !shape.get(1).equals(Size.ONE);
    }
}
