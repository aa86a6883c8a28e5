package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.shape.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Removes a change of shape and the one behind it that takes it back, as a squeeze and excitation has them between its
 * pool and its convolutions: each would be a step of its own among the integers.
 */
final class RemoveRoundTrip implements RewriteRule {
    private static final String[] RESHAPES = {"Reshape", "Flatten", "Squeeze", "Unsqueeze"};

    @Override
    public String name() {
        return "remove-round-trip";
    }

    @Override
    public Set<String> operators() {
        return Set.of(RESHAPES);
    }

    @Override
    public void rewrite(Node back, GraphEdit edit) {
        Optional<Node> there = edit.standingProducer(back.input(0), RESHAPES);
        if (there.isEmpty()) {
            return;
        }
        String source = there.get().input(0);
        Optional<List<Size>> before = edit.shapes().shape(source);
        if (before.isPresent() && before.equals(edit.shapes().shape(back.output()))) {
            edit.replace(back, new Node(back.name(), "Identity", List.of(source), back.outputs(), Map.of()));
        }
    }
}
