package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.Optional;
import java.util.Set;

/** A Clip of what ReLU leaves is a Clip from 0, or from its own bound if that is above. */
final class ClipOfRelu implements RewriteRule {
    private static final int MINIMUM = 1;

    @Override
    public String name() {
        return "clip-of-relu";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Clip");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<Node> relu = edit.standingProducer(node.input(0), "Relu");
        Optional<Float> minimum = edit.before().floatScalar(node.input(MINIMUM));
        if (relu.isEmpty() || !node.input(MINIMUM).isEmpty() && minimum.isEmpty()) {
            return;
        }
        boolean own = minimum.filter(bound -> bound >= 0).isPresent();
        String bound = own ? node.input(MINIMUM) : edit.addConstant(node.name() + ".min", Tensor.scalar(0));
        edit.replace(node, node.withInput(0, relu.get().input(0)).withInput(MINIMUM, bound));
    }
}
