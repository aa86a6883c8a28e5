package dev.glint.exporter.verify;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A model with the floats that its integer constants stand for in their place: what an engine computes that leaves layers with
 * biases of floats in floats. ONNX Runtime rounds such a bias to the steps of the layer's sums.
 */
final class DecodedWeights {
    private static final int BIAS = 2;

    private DecodedWeights() {}

    /** Whether a layer of a graph has encoded weights and a bias of floats. */
    static boolean areMixed(Graph graph) {
        List<String> decoded = graph.nodes().stream()
                .filter(node -> isConstant(node, graph))
                .map(Node::output)
                .toList();
        return graph.nodes().stream()
                .filter(node -> node.isOperator("Conv", "Gemm") && node.inputs().size() > BIAS)
                .anyMatch(node -> decoded.contains(node.input(1)) && !decoded.contains(node.input(BIAS)));
    }

    static OnnxModel decode(OnnxModel model) {
        Graph graph = model.graph();
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (isConstant(node, graph)) {
                constants.put(node.output(), decoded(node, graph));
            } else {
                nodes.add(node);
            }
        }
        return model.withGraph(graph.withNodes(nodes, constants));
    }

    /** One that decodes a constant of bytes with a scale for all, or one for each place along an axis. */
    private static boolean isConstant(Node node, Graph graph) {
        return node.isOperator("DequantizeLinear")
                && node.inputs().size() == 3
                && node.inputs().stream().allMatch(graph.initializers()::containsKey)
                && isByte(constant(node, 0, graph).type());
    }

    private static Tensor constant(Node node, int input, Graph graph) {
        return Objects.requireNonNull(graph.initializers().get(node.input(input)));
    }

    private static boolean isByte(ElementType type) {
        return type == ElementType.INT8 || type == ElementType.UINT8;
    }

    private static Tensor decoded(Node node, Graph graph) {
        Tensor integers = constant(node, 0, graph);
        float[] scales = constant(node, 1, graph).toFloats();
        byte[] zeroPoints = constant(node, 2, graph).data();
        int axis = node.attributes().get("axis") instanceof Attribute.Int at ? (int) at.value() : 1;
        int inner = 1;
        for (int i = axis + 1; i < integers.shape().size(); i++) {
            inner *= integers.shape().get(i).intValue();
        }
        boolean unsigned = integers.type() == ElementType.UINT8;
        float[] values = new float[integers.size()];
        for (int i = 0; i < values.length; i++) {
            int channel = i / inner % scales.length;
            int zeroPoint = unsigned ? Byte.toUnsignedInt(zeroPoints[channel]) : zeroPoints[channel];
            int integer = unsigned ? Byte.toUnsignedInt(integers.data()[i]) : integers.data()[i];
            values[i] = (integer - zeroPoint) * scales[channel];
        }
        return Tensor.floats(integers.shape(), values);
    }
}
