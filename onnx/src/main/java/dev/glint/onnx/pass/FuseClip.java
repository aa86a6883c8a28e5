package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes {@code Min(Relu(x), c)} and {@code Min(Max(x, a), c)} as one {@code Clip}, which disappears into a quantised
 * convolution where the pair would not.
 */
public final class FuseClip implements RewriteRule {
    private static final String ZERO = "clip_zero";

    @Override
    public String name() {
        return "fuse-clip";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Min");
    }

    @Override
    public void rewrite(Node min, GraphEdit edit) {
        boolean bounded = min.inputs().size() == 2
                && edit.before().floatScalar(min.input(1)).isPresent()
                && edit.before().soleConsumer(min.input(0)).isPresent();
        Optional<Node> lower = bounded ? edit.producer(min.input(0)) : Optional.empty();
        Optional<String> bound = lower.flatMap(node -> lowerBound(node, edit));
        if (bound.isPresent()) {
            List<String> inputs = List.of(lower.get().input(0), bound.get(), min.input(1));
            edit.remove(lower.get());
            edit.replace(min, new Node(min.name(), "Clip", inputs, min.outputs(), Map.of()));
        }
    }

    private static Optional<String> lowerBound(Node lower, GraphEdit edit) {
        if (lower.isOperator("Relu")) {
            return Optional.of(edit.sharedConstant(ZERO, Tensor.scalar(0)));
        }
        boolean bounds = lower.isOperator("Max")
                && lower.inputs().size() == 2
                && edit.before().floatScalar(lower.input(1)).isPresent();
        return bounds ? Optional.of(lower.input(1)) : Optional.empty();
    }
}
