package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * An activation that is a simpler one: Clip from 0 without an upper bound and Max with 0 are ReLU, PRelu with one slope for all is
 * LeakyRelu.
 */
final class SimplerActivation implements RewriteRule {

    @Override
    public String name() {
        return "simpler-activation";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Clip", "Max", "PRelu");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        List<String> input = List.of(node.input(0));
        if (isRelu(node, edit)) {
            edit.replace(node, new Node(node.name(), "Relu", input, node.outputs(), Map.of()));
            return;
        }
        Optional<float[]> slopes = edit.before()
                .constant(node.input(1))
                .filter(tensor -> node.isOperator("PRelu") && tensor.type() == ElementType.FLOAT && tensor.size() > 0)
                .map(Tensor::toFloats);
        if (slopes.isPresent()
                && IntStream.range(0, slopes.get().length).allMatch(i -> slopes.get()[i] == slopes.get()[0])) {
            Map<String, Attribute> slope = Map.of("alpha", Attribute.real(slopes.get()[0]));
            edit.replace(node, new Node(node.name(), "LeakyRelu", input, node.outputs(), slope));
        }
    }

    private static boolean isRelu(Node node, GraphEdit edit) {
        boolean fromZero = edit.before()
                .floatScalar(node.input(1))
                .filter(bound -> bound == 0)
                .isPresent();
        if (node.isOperator("Max")) {
            return fromZero && node.inputs().size() == 2;
        }
        boolean unbounded = node.input(2).isEmpty()
                || edit.before()
                        .floatScalar(node.input(2))
                        .filter(bound -> bound == Float.MAX_VALUE || bound == Float.POSITIVE_INFINITY)
                        .isPresent();
        return node.isOperator("Clip") && fromZero && unbounded;
    }
}
