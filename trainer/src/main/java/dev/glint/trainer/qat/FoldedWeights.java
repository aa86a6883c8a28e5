package dev.glint.trainer.qat;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The way back from weights into which batch norm is folded to those of the network as it was: batch norm becomes what
 * only adds a bias, so that folding it again gives the same weights, to the bit.
 *
 * @param layers what has become of each layer
 */
record FoldedWeights(List<FoldedLayer> layers) {

    /**
     * A layer before and after.
     *
     * @param weight the name of its weight, before
     * @param bias of its bias, before; empty if it had none
     * @param norm the batch norm that was folded into it
     * @param foldedWeight the name of the weight after
     * @param foldedBias of the bias
     */
    private record FoldedLayer(
            String weight, String bias, Optional<Norm> norm, String foldedWeight, String foldedBias) {}

    /** A batch norm: the names of its tensors. */
    private record Norm(String gamma, String beta, String mean, String variance, float epsilon) {
        Norm(Node node) {
            this(node.input(1), node.input(2), node.input(3), node.input(4), node.real("epsilon", 1e-5f));
        }
    }

    FoldedWeights {
        layers = List.copyOf(layers);
    }

    /**
     * Compares a graph before and after folding; layers keep the names of their nodes.
     *
     * @param traced with batch norm
     * @param folded without
     */
    static FoldedWeights compare(Graph traced, Graph folded) {
        GraphIndex before = new GraphIndex(traced);
        GraphIndex after = new GraphIndex(folded);
        Map<String, Node> byName = new LinkedHashMap<>();
        traced.nodes().forEach(node -> byName.put(node.name(), node));
        return new FoldedWeights(folded.nodes().stream()
                .filter(node -> Layer.read(node, after::constant).isPresent() && byName.containsKey(node.name()))
                .map(node -> layer(Objects.requireNonNull(byName.get(node.name())), node, before))
                .toList());
    }

    private static FoldedLayer layer(Node node, Node folded, GraphIndex before) {
        Optional<Norm> norm = before.soleConsumer(node.output())
                .filter(taker -> taker.isOperator("BatchNormalization")
                        && !folded.output().equals(node.output()))
                .map(Norm::new);
        return new FoldedLayer(
                node.input(Layer.WEIGHT),
                node.input(Layer.BIAS),
                norm,
                folded.input(Layer.WEIGHT),
                folded.input(Layer.BIAS));
    }

    /**
     * The weights of the network as it was.
     *
     * @param original its tensors before, by name; those of no layer stay
     * @param folded gives the values of a tensor after
     */
    Map<String, float[]> unfold(Map<String, float[]> original, Function<String, float[]> folded) {
        Map<String, float[]> weights = new LinkedHashMap<>(original);
        for (FoldedLayer layer : layers) {
            weights.put(layer.weight(), folded.apply(layer.foldedWeight()));
            if (layer.norm().isPresent()) {
                Norm norm = layer.norm().get();
                float[] bias = folded.apply(layer.foldedBias());
                // Half a unit in the last place of the variance is a quarter in its root, which no weight notices.
                weights.put(norm.variance(), filled(bias.length, (float) (1 - (double) norm.epsilon())));
                weights.put(norm.mean(), new float[bias.length]);
                weights.put(norm.gamma(), filled(bias.length, 1));
                weights.put(norm.beta(), bias);
                if (!layer.bias().isEmpty()) {
                    weights.put(layer.bias(), new float[bias.length]);
                }
            } else if (!layer.bias().isEmpty()) {
                weights.put(layer.bias(), folded.apply(layer.foldedBias()));
            }
        }
        return weights;
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }
}
