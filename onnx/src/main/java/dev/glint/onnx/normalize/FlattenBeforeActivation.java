package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.Size;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rows are made before the last activation, not behind it: of feature maps of one pixel, as classifiers without linear layers have them. */
final class FlattenBeforeActivation implements RewriteRule {

    @Override
    public String name() {
        return "flatten-before-activation";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Flatten");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<Node> before = edit.standingProducer(node.input(0), "Softmax", "LogSoftmax", "Sigmoid")
                .filter(step -> edit.before().soleConsumer(step.output()).isPresent());
        Optional<List<Size>> shape = edit.shapes().shape(node.input(0));
        boolean pixel = shape.isPresent()
                && node.integer("axis", 1) == 1
                && shape.get().size() > 2
                && shape.get().stream().skip(2).allMatch(size -> size.equals(Size.ONE));
        if (before.isEmpty() || !pixel) {
            return;
        }
        Node step = before.get();
        long axis = step.integer("axis", -1);
        if (!step.isOperator("Sigmoid") && axis != 1 && axis != 1 - shape.get().size()) {
            return;
        }
        String rows = edit.freshName(node.name() + ".rows");
        Node activation = step.withInput(0, rows).withOutputs(node.outputs());
        edit.remove(step);
        edit.replace(
                node,
                node.withInput(0, step.input(0)).withOutputs(List.of(rows)),
                step.isOperator("Sigmoid") ? activation : activation.withAttribute("axis", Attribute.integer(1)));
    }
}
