package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import dev.glint.onnx.shape.ConstantEvaluator;
import dev.glint.onnx.shape.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A linear layer on what was transposed to (N, H, W, C) and flattened, as Keras does, takes it as it was: its weights change their
 * places.
 */
final class TransposeIntoLinear implements RewriteRule {

    @Override
    public String name() {
        return "transpose-into-linear";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Gemm");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<Node> flatten =
                edit.standingProducer(node.input(0), "Flatten").filter(before -> before.integer("axis", 1) == 1);
        Optional<Node> transpose = flatten.flatMap(before -> edit.standingProducer(before.input(0), "Transpose"));
        Optional<List<Long>> order =
                transpose.flatMap(before -> before.integers("perm")).filter(perm -> perm.get(0) == 0);
        Optional<Layer> layer = Layer.read(node, edit::constant);
        Optional<List<Size>> turned = flatten.flatMap(before -> edit.shapes().shape(before.input(0)));
        if (order.isEmpty() || layer.isEmpty() || turned.isEmpty()) {
            return;
        }
        List<Long> shape = new ArrayList<>(List.of((long) layer.get().channels()));
        turned.get().stream().skip(1).map(Size::factor).forEach(shape::add);
        List<Long> back = new ArrayList<>();
        for (long axis = 0; axis < shape.size(); axis++) {
            back.add((long) order.get().indexOf(axis));
        }
        Tensor moved = ConstantEvaluator.transpose(layer.get().weight().withShape(shape), back)
                .withShape(layer.get().weight().shape());
        String flat = edit.freshName(node.name() + ".flat");
        edit.replace(
                node,
                new Node(
                        flat,
                        "Flatten",
                        List.of(transpose.get().input(0)),
                        List.of(flat),
                        flatten.get().attributes()),
                node.withInput(0, flat)
                        .withInput(Layer.WEIGHT, edit.addConstant(node.input(Layer.WEIGHT) + ".moved", moved)));
    }
}
