package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;
import dev.glint.onnx.pass.RewriteRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Factors and summands for each channel that no layer takes, a BatchNormalization or Mul and Add, become a depthwise 1x1
 * convolution on feature maps, and a Mul and an Add on rows. One factor and summand for all channels stay. Run it last: other rules no longer find them.
 */
final class StandaloneAffine implements RewriteRule {
    /** Dimensions of (N, C, H, W). */
    private static final int FEATURE_MAP = 4;

    @Override
    public String name() {
        return "standalone-affine";
    }

    @Override
    public Set<String> operators() {
        return Set.of("Add", "Sub", "BatchNormalization");
    }

    @Override
    public void rewrite(Node node, GraphEdit edit) {
        Optional<ChannelAffine> affine = ChannelAffine.read(node, edit);
        if (affine.isEmpty()) {
            return;
        }
        Optional<ChannelAffine> pair = edit.standingProducer(affine.get().input(), "Mul", "Div")
                .filter(step -> edit.before().soleConsumer(step.output()).isPresent())
                .flatMap(step -> ChannelAffine.read(step, edit))
                .map(step -> step.then(affine.get()))
                .filter(step -> !step.isUniform());
        boolean norm = node.isOperator("BatchNormalization");
        int rank = edit.shapes().rank(affine.get().input()).orElse(0);
        if (rank == FEATURE_MAP && (norm || pair.isPresent())) {
            pair.ifPresent(
                    step -> edit.remove(edit.producer(affine.get().input()).orElseThrow()));
            convolve(pair.orElse(affine.get()), edit);
        } else if (norm && rank == 2) {
            multiplyAndAdd(affine.get(), edit);
        }
    }

    private static void convolve(ChannelAffine affine, GraphEdit edit) {
        Node node = affine.node();
        long channels = affine.channels();
        String weight = edit.addConstant(
                node.name() + ".weight",
                Tensor.floats(List.of(channels, 1L, 1L, 1L), ChannelAffine.rounded(affine.scale())));
        String bias = edit.addConstant(node.name() + ".bias", vector(affine.shift()));
        Map<String, Attribute> depthwise =
                Map.of("group", Attribute.integer(channels), "kernel_shape", Attribute.integers(List.of(1L, 1L)));
        edit.replace(
                node, new Node(node.name(), "Conv", List.of(affine.input(), weight, bias), node.outputs(), depthwise));
    }

    private static void multiplyAndAdd(ChannelAffine affine, GraphEdit edit) {
        Node node = affine.node();
        String scale = edit.addConstant(node.name() + ".scale", vector(affine.scale()));
        String shift = edit.addConstant(node.name() + ".shift", vector(affine.shift()));
        String scaled = edit.freshName(node.name() + ".scaled");
        edit.replace(
                node,
                new Node(scaled, "Mul", List.of(affine.input(), scale), List.of(scaled), Map.of()),
                new Node(node.name(), "Add", List.of(scaled, shift), node.outputs(), Map.of()));
    }

    private static Tensor vector(double[] values) {
        return Tensor.floats(List.of((long) values.length), ChannelAffine.rounded(values));
    }
}
