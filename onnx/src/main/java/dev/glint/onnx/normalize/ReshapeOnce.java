package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Of two steps after each other that only say other sizes for the same elements, the second is enough. */
final class ReshapeOnce implements RewriteRule {

    @Override
    public String name() {
        return "reshape-once";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Flatten", "Reshape");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<Node> before = edit.standingProducer(
                        node.input(0), "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose")
                .filter(step -> !movesElements(step, edit));
        boolean batchKept = before.isPresent()
                && sameBatch(before.get().input(0), node.input(0), edit)
                && copiesBatchOnly(node, edit);
        if (batchKept) {
            edit.replace(node, node.withInput(0, before.get().input(0)));
        }
    }

    private static boolean movesElements(Node step, GraphEdit edit) {
        return step.isOperator("Transpose")
                && edit.shapes()
                        .shape(step.input(0))
                        .filter(shape -> !ConstantReshape.movesElements(step, shape))
                        .isEmpty();
    }

    private static boolean sameBatch(String one, String other, GraphEdit edit) {
        Optional<Size> batch = first(one, edit);
        return batch.isPresent() && batch.equals(first(other, edit));
    }

    private static Optional<Size> first(String value, GraphEdit edit) {
        return edit.shapes().shape(value).flatMap(shape -> shape.stream().findFirst());
    }

    /** A target of 0 takes a size of the input at the same place, which is another one in front of the first step. */
    private static boolean copiesBatchOnly(Node node, GraphEdit edit) {
        if (node.isOperator("Flatten")) {
            return node.integer("axis", 1) == 1;
        }
        List<Long> target = edit.before().constant(node.input(1)).stream()
                .flatMap(tensor -> Arrays.stream(tensor.toIntegers()).boxed())
                .toList();
        return !target.isEmpty() && target.stream().skip(1).allMatch(size -> size != 0);
    }
}
