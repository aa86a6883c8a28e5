package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code x Clip(x + 3, 0, 6) / 6}, in whichever order, and {@code x HardSigmoid(x)} with 1/6 and 1/2 become {@code HardSwish}
 * (operator set 14).
 */
final class SpellHardSwish implements RewriteRule {
    private static final float SHIFT = 3;
    private static final float MAXIMUM = 6;

    @Override
    public String name() {
        return "spell-hard-swish";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Mul", "Div");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<String> x = product(node, edit);
        Optional<Float> factor = edit.before().floatScalar(node.input(1));
        if (x.isEmpty()
                && factor.isPresent()
                && edit.before().soleConsumer(node.input(0)).isPresent()) {
            double scale = node.isOperator("Div") ? 1.0 / factor.get() : factor.get();
            boolean sixth = Math.abs(scale * MAXIMUM - 1) < 1e-6;
            x = sixth
                    ? edit.standingProducer(node.input(0), "Mul").flatMap(inner -> clippedProduct(inner, edit))
                    : Optional.empty();
        }
        x.ifPresent(input ->
                edit.replace(node, new Node(node.name(), "HardSwish", List.of(input), node.outputs(), Map.of())));
    }

    private static Optional<String> product(Node node, GraphEdit edit) {
        for (int i = 0; i < 2 && node.isOperator("Mul"); i++) {
            String x = node.input(i);
            Optional<Node> gate = edit.standingProducer(node.input(1 - i), "HardSigmoid")
                    .filter(hard -> hard.input(0).equals(x) && isStandard(hard));
            if (gate.isPresent()) {
                return Optional.of(x);
            }
        }
        return Optional.empty();
    }

    private static boolean isStandard(Node hardSigmoid) {
        return Math.abs(hardSigmoid.real("alpha", 0.2f) * MAXIMUM - 1) < 1e-6 && hardSigmoid.real("beta", 0.5f) == 0.5f;
    }

    private static Optional<String> clippedProduct(Node node, GraphEdit edit) {
        for (int i = 0; i < 2; i++) {
            String x = node.input(i);
            boolean swish = ShiftedClip.read(node.input(1 - i), edit)
                    .filter(new ShiftedClip(x, SHIFT, MAXIMUM)::equals)
                    .isPresent();
            if (swish) {
                return Optional.of(x);
            }
        }
        return Optional.empty();
    }
}
