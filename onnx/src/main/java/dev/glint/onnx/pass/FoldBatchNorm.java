package dev.glint.onnx.pass;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Folds a batch normalisation into the convolution or linear layer before it: {@code W' = W g / sqrt(v + e)},
 * {@code b' = (b - m) g / sqrt(v + e) + s}, in double precision and rounded to float once. A normalisation stays where
 * something else uses the layer's output too, or where there is no such layer before it.
 */
public final class FoldBatchNorm implements RewriteRule {
    private static final float DEFAULT_EPSILON = 1e-5f;
    private static final int STATISTICS = 4;

    @Override
    public String name() {
        return "fold-batch-norm";
    }

    @Override
    public Set<String> operators() {
        return Set.of("BatchNormalization");
    }

    @Override
    public void rewrite(Node norm, GraphEdit edit) {
        boolean alone = edit.before().soleConsumer(norm.input(0)).isPresent();
        Optional<Layer> layer = edit.producer(norm.input(0)).flatMap(node -> layer(node, edit));
        List<Tensor> statistics = IntStream.rangeClosed(1, STATISTICS)
                .mapToObj(i -> edit.before().constant(norm.input(i)))
                .flatMap(Optional::stream)
                .toList();
        if (alone && layer.isPresent() && statistics.size() == STATISTICS) {
            fold(layer.get(), norm, statistics, edit);
        }
    }

    private static Optional<Layer> layer(Node node, GraphEdit edit) {
        return Layer.read(node, edit::constant);
    }

    private static void fold(Layer layer, Node norm, List<Tensor> statistics, GraphEdit edit) {
        float[] gamma = statistics.get(0).toFloats();
        float[] beta = statistics.get(1).toFloats();
        float[] mean = statistics.get(2).toFloats();
        float[] variance = statistics.get(3).toFloats();
        double epsilon = norm.real("epsilon", DEFAULT_EPSILON);
        float[] weights = layer.weight().toFloats();
        float[] bias = layer.biasPerChannel();
        if (gamma.length != bias.length) {
            throw new IllegalArgumentException(gamma.length + " factors for " + bias.length + " channels");
        }
        float[] folded = new float[gamma.length];
        int perChannel = weights.length / gamma.length;
        for (int c = 0; c < gamma.length; c++) {
            double factor = gamma[c] / Math.sqrt(variance[c] + epsilon);
            for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
                weights[i] = (float) (weights[i] * factor);
            }
            folded[c] = (float) ((bias[c] - mean[c]) * factor + beta[c]);
        }
        Node node = layer.node();
        String weightName = weight(node, Tensor.floats(layer.weight().shape(), weights), edit);
        String biasName =
                edit.addConstant(node.name() + ".folded_bias", Tensor.floats(List.of((long) folded.length), folded));
        edit.remove(norm);
        edit.replace(
                node,
                node.withInput(Layer.WEIGHT, weightName)
                        .withInput(Layer.BIAS, biasName)
                        .withOutputs(List.of(norm.output())));
    }

    /** Weights that nobody else sees keep their name. */
    private static String weight(Node node, Tensor folded, GraphEdit edit) {
        String name = node.input(Layer.WEIGHT);
        GraphIndex before = edit.before();
        if (before.consumers(name).size() > 1 || before.isOutput(name)) {
            return edit.addConstant(node.name() + ".folded_weight", folded);
        }
        edit.setConstant(name, folded);
        return name;
    }
}
