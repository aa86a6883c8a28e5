package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code Clip(x + b, 0, m) / m}, as hard sigmoids are spelled before operator set 6 or by habit (b is 3 and m 6), becomes {@code
 * HardSigmoid}.
 */
final class SpellHardSigmoid implements RewriteRule {

    @Override
    public String name() {
        return "spell-hard-sigmoid";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Div", "Mul");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<ShiftedClip> clip = ShiftedClip.read(node.input(0), edit);
        Optional<Float> factor = edit.before().floatScalar(node.input(1));
        if (clip.isEmpty()
                || factor.isEmpty()
                || edit.before().soleConsumer(node.input(0)).isEmpty()) {
            return;
        }
        double maximum = clip.get().maximum();
        double scale = node.isOperator("Div") ? 1.0 / factor.get() : factor.get();
        if (Math.abs(scale * maximum - 1) < 1e-6) {
            Map<String, Attribute> settings = Map.of(
                    "alpha", Attribute.real((float) (1 / maximum)),
                    "beta", Attribute.real((float) (clip.get().shift() / maximum)));
            edit.replace(
                    node,
                    new Node(node.name(), "HardSigmoid", List.of(clip.get().input()), node.outputs(), settings));
        }
    }
}
