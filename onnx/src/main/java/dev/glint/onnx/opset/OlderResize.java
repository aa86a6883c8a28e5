package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Upsample (7 with its scales as an attribute, 9 as an input) and Resize 10 as Resize 11 has it: positions are {@code
 * asymmetric}, and the nearest is that below.
 */
final class OlderResize implements RewriteRule {
    private static final int SCALES = 1;

    @Override
    public String name() {
        return "older-resize";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Upsample", "Resize");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        String scales = node.input(SCALES);
        if (node.attributes().get("scales") instanceof Attribute.Reals list) {
            float[] values = new float[list.values().size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = list.values().get(i);
            }
            scales = edit.addConstant(node.name() + ".scales", Tensor.floats(List.of((long) values.length), values));
        }
        Map<String, Attribute> settings = Map.of(
                "mode", new Attribute.Text(node.text("mode", "nearest")),
                "coordinate_transformation_mode", new Attribute.Text("asymmetric"),
                "nearest_mode", new Attribute.Text("floor"));
        edit.replace(
                node, new Node(node.name(), "Resize", List.of(node.input(0), "", scales), node.outputs(), settings));
    }
}
