package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.pass.GraphPass;
import dev.glint.onnx.shape.Conversion;
import java.util.List;
import java.util.Map;

/** Real numbers of 16 and 64 bits, as weights, in between, and at the graph's ends, become such of 32. */
final class HalfToFloat implements GraphPass {

    @Override
    public Graph apply(GraphIndex index) {
        Graph graph = index.graph();
        Map<String, Tensor> constants = index.copyOfConstants();
        constants.replaceAll((name, tensor) -> isOther(tensor.type()) ? converted(tensor) : tensor);
        Graph floats = new Graph(
                graph.name(),
                graph.inputs().stream().map(HalfToFloat::converted).toList(),
                graph.outputs().stream().map(HalfToFloat::converted).toList(),
                graph.nodes().stream().map(HalfToFloat::converted).toList(),
                constants);
        return floats.equals(graph) ? graph : floats;
    }

    private static boolean isOther(ElementType type) {
        return type == ElementType.FLOAT16 || type == ElementType.DOUBLE;
    }

    private static Tensor converted(Tensor tensor) {
        return Conversion.convert(tensor, ElementType.FLOAT);
    }

    private static ValueInfo converted(ValueInfo value) {
        return isOther(value.type()) ? new ValueInfo(value.name(), ElementType.FLOAT, value.shape()) : value;
    }

    private static Node converted(Node node) {
        Node floats = node;
        for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
            if (entry.getValue() instanceof Attribute.Constant constant
                    && isOther(constant.value().type())) {
                floats = floats.withAttribute(entry.getKey(), new Attribute.Constant(converted(constant.value())));
            }
        }
        long target = node.integer("to", 0);
        boolean toOther =
                List.of(ElementType.FLOAT16, ElementType.DOUBLE).stream().anyMatch(type -> type.code() == target);
        return node.isOperator("Cast") && toOther
                ? floats.withAttribute("to", Attribute.integer(ElementType.FLOAT.code()))
                : floats;
    }
}
