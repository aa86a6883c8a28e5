package dev.glint.exporter.pass;

import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds a batch normalisation into the convolution or linear layer before it: {@code W' = W g / sqrt(v + e)},
 * {@code b' = (b - m) g / sqrt(v + e) + s}, in double precision and rounded to float once. A normalisation stays where
 * something else uses the layer's output too, or where there is no such layer before it.
 */
public final class FoldBatchNorm implements GraphPass {
    private static final float DEFAULT_EPSILON = 1e-5f;

    @Override
    public Graph apply(Graph graph) {
        Map<String, List<Node>> consumers = graph.consumers();
        Map<String, Tensor> initializers = new LinkedHashMap<>(graph.initializers());
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            Node layer = node.isOperator("BatchNormalization") ? layerBefore(node, nodes, initializers) : null;
            if (layer == null
                    || consumers.get(layer.output()).size() != 1
                    || graph.isOutput(layer.output())
                    || !node.inputs().stream().skip(1).allMatch(initializers::containsKey)) {
                nodes.add(node);
                continue;
            }
            boolean shared = consumers.get(layer.input(1)).size() > 1;
            nodes.set(nodes.indexOf(layer), fold(layer, shared, node, initializers));
        }
        return graph.withNodes(nodes, initializers);
    }

    private static @Nullable Node layerBefore(Node norm, List<Node> nodes, Map<String, Tensor> initializers) {
        for (Node node : nodes) {
            if (node.outputs().contains(norm.input(0))) {
                boolean linear = node.isOperator("Gemm")
                        && node.integer("transB", 0) == 1
                        && node.real("alpha", 1) == 1
                        && node.real("beta", 1) == 1;
                boolean constant = initializers.containsKey(node.input(1))
                        && (node.input(2).isEmpty() || isVector(initializers.get(node.input(2))));
                return (node.isOperator("Conv") || linear) && constant ? node : null;
            }
        }
        return null;
    }

    private static boolean isVector(@Nullable Tensor tensor) {
        return tensor != null && tensor.shape().size() == 1;
    }

    private static Node fold(Node layer, boolean shared, Node norm, Map<String, Tensor> initializers) {
        float[] gamma = floats(initializers, norm.input(1));
        float[] beta = floats(initializers, norm.input(2));
        float[] mean = floats(initializers, norm.input(3));
        float[] variance = floats(initializers, norm.input(4));
        double epsilon = norm.real("epsilon", DEFAULT_EPSILON);
        Tensor weight = initializers.get(layer.input(1));
        float[] weights = weight.toFloats();
        float[] bias = layer.input(2).isEmpty() ? new float[gamma.length] : floats(initializers, layer.input(2));
        float[] folded = new float[gamma.length];
        int perChannel = weights.length / gamma.length;
        for (int c = 0; c < gamma.length; c++) {
            double factor = gamma[c] / Math.sqrt(variance[c] + epsilon);
            for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
                weights[i] = (float) (weights[i] * factor);
            }
            folded[c] = (float) ((bias[c] - mean[c]) * factor + beta[c]);
        }
        String weightName = shared ? layer.name() + ".folded_weight" : layer.input(1);
        String biasName = layer.name() + ".folded_bias";
        initializers.put(weightName, Tensor.floats(weight.shape(), weights));
        initializers.put(biasName, Tensor.floats(List.of((long) folded.length), folded));
        return layer.withInput(1, weightName).withInput(2, biasName).withOutputs(norm.outputs());
    }

    private static float[] floats(Map<String, Tensor> initializers, String name) {
        return initializers.get(name).toFloats();
    }
}
