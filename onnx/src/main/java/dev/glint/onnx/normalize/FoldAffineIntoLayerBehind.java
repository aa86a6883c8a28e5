package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A factor and summand for each channel in front of a convolution or linear layer becomes part of its weights and bias: {@code W' =
 * W s}, {@code b' = b + W t}. Not where the layer pads, unless nothing is added: its padding would have to be {@code t}.
 */
final class FoldAffineIntoLayerBehind implements RewriteRule {

    @Override
    public String name() {
        return "fold-affine-into-layer-behind";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Conv", "Gemm");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<ChannelAffine> affine = edit.standingProducer(node.input(0), ChannelAffine.OPERATORS)
                .filter(step -> edit.before().soleConsumer(step.output()).isPresent())
                .flatMap(step -> ChannelAffine.read(step, edit));
        Optional<Layer> layer = Layer.read(node, edit::constant);
        boolean fits = affine.isPresent()
                && layer.isPresent()
                && inputChannels(layer.get()) == affine.get().channels()
                && (!affine.get().shifts() || !pads(node));
        if (fits) {
            fold(layer.get(), affine.get(), edit);
        }
    }

    private static long inputChannels(Layer layer) {
        return layer.weight().shape().get(1) * layer.node().integer("group", 1);
    }

    private static boolean pads(Node node) {
        return !node.text("auto_pad", "NOTSET").equals("NOTSET")
                || node.integers("pads").orElse(List.of()).stream().anyMatch(pad -> pad != 0);
    }

    private static void fold(Layer layer, ChannelAffine affine, GraphEdit edit) {
        Node node = layer.node();
        float[] weights = layer.weight().toFloats();
        float[] bias = layer.biasPerChannel();
        int out = bias.length;
        int in = layer.weight().shape().get(1).intValue();
        int window = weights.length / Math.max(1, out * in);
        int perGroup = (int) (out / node.integer("group", 1));
        for (int o = 0; o < out; o++) {
            double sum = bias[o];
            for (int i = 0; i < in; i++) {
                int channel = o / perGroup * in + i;
                for (int k = 0; k < window; k++) {
                    int place = (o * in + i) * window + k;
                    sum += weights[place] * affine.shift()[channel];
                    weights[place] = (float) (weights[place] * affine.scale()[channel]);
                }
            }
            bias[o] = (float) sum;
        }
        String weight = edit.addConstant(
                node.name() + ".weight", Tensor.floats(layer.weight().shape(), weights));
        Node folded = node.withInput(0, affine.input()).withInput(Layer.WEIGHT, weight);
        if (affine.shifts()) {
            String sums = edit.addConstant(node.name() + ".bias", Tensor.floats(List.of((long) out), bias));
            folded = folded.withInput(Layer.BIAS, sums);
        }
        edit.remove(affine.node());
        edit.replace(node, folded);
    }
}
