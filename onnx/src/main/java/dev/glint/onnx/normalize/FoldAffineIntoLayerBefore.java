package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A factor or summand for each channel, or one for all, behind a convolution or linear layer becomes part of its weights and bias:
 * {@code W' = s W}, {@code b' = s b + t}.
 */
final class FoldAffineIntoLayerBefore implements RewriteRule {

    @Override
    public String name() {
        return "fold-affine-into-layer-before";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Mul", "Div", "Add", "Sub", "BatchNormalization");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<ChannelAffine> affine = ChannelAffine.read(node, edit);
        Optional<Node> before = affine.flatMap(step -> edit.standingProducer(step.input(), "Conv", "Gemm"))
                .filter(layer -> edit.before().soleConsumer(layer.output()).isPresent());
        Optional<Layer> layer = before.flatMap(maker -> Layer.read(maker, edit::constant));
        if (layer.isPresent() && layer.get().channels() == affine.get().channels()) {
            fold(layer.get(), affine.get(), edit);
        }
    }

    private static void fold(Layer layer, ChannelAffine affine, GraphEdit edit) {
        float[] weights = layer.weight().toFloats();
        float[] bias = layer.biasPerChannel();
        int perChannel = weights.length / bias.length;
        for (int c = 0; c < bias.length; c++) {
            for (int i = c * perChannel; i < (c + 1) * perChannel; i++) {
                weights[i] = (float) (weights[i] * affine.scale()[c]);
            }
            bias[c] = (float) (bias[c] * affine.scale()[c] + affine.shift()[c]);
        }
        Node node = layer.node();
        boolean scales = Arrays.stream(affine.scale()).anyMatch(factor -> factor != 1);
        String weight = scales
                ? edit.addConstant(
                        node.name() + ".weight", Tensor.floats(layer.weight().shape(), weights))
                : node.input(Layer.WEIGHT);
        String sums = edit.addConstant(node.name() + ".bias", Tensor.floats(List.of((long) bias.length), bias));
        edit.remove(affine.node());
        edit.replace(
                node,
                node.withInput(Layer.WEIGHT, weight)
                        .withInput(Layer.BIAS, sums)
                        .withOutputs(affine.node().outputs()));
    }
}
