package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The experimental ImageScaler, which ONNX dropped with operator set 10: {@code scale x + bias}, a bias per channel. */
final class ScaleImage implements RewriteRule {

    @Override
    public String name() {
        return "scale-image";
    }

    @Override
    public Set<String> operators() {
        return Set.of("ImageScaler");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        if (!(node.attributes().get("bias") instanceof Attribute.Reals bias)) {
            throw new IllegalArgumentException("no bias");
        }
        float[] values = new float[bias.values().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = bias.values().get(i);
        }
        String scale = edit.addConstant(node.name() + ".scale", Tensor.scalar(node.real("scale", 1)));
        String biases = edit.addConstant(
                node.name() + ".bias", Tensor.floats(List.of(1L, (long) values.length, 1L, 1L), values));
        String scaled = edit.freshName(node.name() + ".scaled");
        edit.replace(
                node,
                new Node(scaled, "Mul", List.of(node.input(0), scale), List.of(scaled), Map.of()),
                new Node(node.name(), "Add", List.of(scaled, biases), node.outputs(), Map.of()));
    }
}
