package dev.glint.onnx.opset;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What only training needs goes: further outputs of BatchNormalization (before 14 also those of running statistics), Dropout and
 * MaxPool, the settings {@code momentum}, {@code spatial} (before 9) and {@code training_mode} (since 12 and 14), and the ratio
 * of Dropout. A model in training mode is refused.
 */
final class InferenceOnly implements RewriteRule {
    private static final int TRAINING_INPUT = 2;

    @Override
    public String name() {
        return "inference-only";
    }

    @Override
    public Set<String> operators() {
        return Set.of("BatchNormalization", "Dropout", "MaxPool");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        require(node.integer("training_mode", 0) == 0, "training mode");
        require(node.integer("spatial", 1) == 1, "statistics per pixel");
        Node successor = node.withoutAttributes("momentum", "spatial", "training_mode", "ratio", "seed", "is_test");
        if (node.isOperator("Dropout")) {
            Optional<Tensor> training = edit.before().constant(node.input(TRAINING_INPUT));
            boolean inference = node.input(TRAINING_INPUT).isEmpty()
                    || training.isPresent() && training.get().data()[0] == 0;
            require(inference, "training mode");
            successor = successor.withInputs(List.of(node.input(0)));
        }
        for (String output : node.outputs().subList(1, node.outputs().size())) {
            boolean used = edit.before().isOutput(output)
                    || !edit.before().consumers(output).isEmpty();
            require(!used, "the further output " + output + ", which something uses");
        }
        successor = successor.withOutputs(List.of(node.outputs().get(0)));
        if (!successor.equals(node)) {
            edit.replace(node, successor);
        }
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }
}
