package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import java.util.Optional;

/**
 * {@code Clip(x + shift, 0, maximum)}, half of what hard sigmoids and hard swishes are.
 *
 * @param input x
 */
record ShiftedClip(String input, float shift, float maximum) {
    private static final int MAXIMUM = 2;

    /** Reads what makes a value; empty if it is something else. */
    static Optional<ShiftedClip> read(String value, GraphEdit edit) {
        GraphIndex before = edit.before();
        Optional<Node> clip = edit.standingProducer(value, "Clip")
                .filter(node -> before.floatScalar(node.input(1))
                        .filter(bound -> bound == 0)
                        .isPresent());
        Optional<Node> sum = clip.flatMap(node -> edit.standingProducer(node.input(0), "Add"));
        Optional<Float> maximum = clip.flatMap(node -> before.floatScalar(node.input(MAXIMUM)));
        if (sum.isEmpty() || maximum.isEmpty() || !(maximum.get() > 0)) {
            return Optional.empty();
        }
        int operand = before.constant(sum.get().input(0)).isPresent() ? 1 : 0;
        return before.floatScalar(sum.get().input(1 - operand))
                .map(shift -> new ShiftedClip(sum.get().input(operand), shift, maximum.get()));
    }
}
