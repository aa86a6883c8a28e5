package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.ConstantEvaluator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Transpose from (N, H, W, C) to (N, C, H, W) goes up through steps that treat each element alone, towards the input or the
 * Transpose that it undoes.
 */
final class TransposeUpwards implements RewriteRule {
    static final List<Long> TO_CHANNELS_FIRST = List.of(0L, 3L, 1L, 2L);
    private static final String[] STEPS = {
        "Relu",
        "LeakyRelu",
        "Sigmoid",
        "HardSigmoid",
        "HardSwish",
        "Tanh",
        "Elu",
        "Clip",
        "Cast",
        "Identity",
        "Add",
        "Sub",
        "Mul",
        "Div"
    };

    @Override
    public String name() {
        return "transpose-upwards";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Transpose");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        boolean channelsFirst =
                node.integers("perm").filter(TO_CHANNELS_FIRST::equals).isPresent();
        Optional<Node> before = channelsFirst
                ? edit.standingProducer(node.input(0), STEPS)
                        .filter(step -> edit.before()
                                .soleConsumer(step.outputs().get(0))
                                .isPresent())
                : Optional.empty();
        if (before.isEmpty()) {
            return;
        }
        Node step = before.get();
        int activation = edit.before().constant(step.input(0)).isPresent() ? 1 : 0;
        Node moved = step.withOutputs(node.outputs());
        for (int i = 0; i < step.inputs().size(); i++) {
            Optional<Tensor> constant = edit.before().constant(step.input(i));
            if (i != activation && constant.isEmpty() && !step.input(i).isEmpty()) {
                return;
            }
            if (i != activation && constant.isPresent() && constant.get().size() > 1) {
                if (constant.get().shape().size() > TO_CHANNELS_FIRST.size()) {
                    return;
                }
                List<Long> shape = new ArrayList<>(Collections.nCopies(
                        TO_CHANNELS_FIRST.size() - constant.get().shape().size(), 1L));
                shape.addAll(constant.get().shape());
                Tensor turned = ConstantEvaluator.transpose(constant.get().withShape(shape), TO_CHANNELS_FIRST);
                moved = moved.withInput(i, edit.addConstant(step.input(i) + ".channels_first", turned));
            }
        }
        String turned = edit.freshName(node.name() + ".up");
        edit.remove(step);
        edit.replace(
                node,
                new Node(turned, "Transpose", List.of(step.input(activation)), List.of(turned), node.attributes()),
                moved.withInput(activation, turned));
    }
}
