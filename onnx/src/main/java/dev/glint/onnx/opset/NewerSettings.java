package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Set;

/**
 * Settings that came after operator set 17 go where they say what was always so: {@code dilations} of AveragePool (19), {@code
 * saturate} of Cast (19), {@code antialias}, {@code axes} and {@code keep_aspect_ratio_policy} of Resize (18). Others are refused.
 */
final class NewerSettings implements RewriteRule {

    @Override
    public String name() {
        return "newer-settings";
    }

    @Override
    public Set<String> operators() {
        return Set.of("AveragePool", "LpPool", "Cast", "Resize");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Node older = node.withoutAttributes("saturate");
        if (node.isOperator("AveragePool", "LpPool")) {
            require(node.integers("dilations").orElse(List.of()).stream().allMatch(step -> step == 1), "dilations");
            older = older.withoutAttributes("dilations");
        } else if (node.isOperator("Resize")) {
            require(node.integer("antialias", 0) == 0, "antialias");
            require(node.integers("axes").isEmpty(), "axes");
            require(node.text("keep_aspect_ratio_policy", "stretch").equals("stretch"), "keep_aspect_ratio_policy");
            require(
                    !node.text("coordinate_transformation_mode", "").equals("half_pixel_symmetric"),
                    "symmetric positions");
            older = older.withoutAttributes("antialias", "keep_aspect_ratio_policy");
        }
        if (!older.equals(node)) {
            edit.replace(node, older);
        }
    }

    private static void require(boolean condition, String setting) {
        if (!condition) {
            throw new IllegalArgumentException(setting + ", which operator set 17 has not");
        }
    }
}
