package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.quantize.plan.ClipBounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Two layers of which the second alone sees what the first makes, through steps that a positive factor per channel goes
 * through: what the first one's output channels are divided by can be given to the second one's input channels.
 *
 * @param first makes the channels
 * @param activation the value that the second takes, but for padding and pooling: what leaves the ReLU or clip, or the
 *     first layer's output if there is none
 * @param second takes them: a convolution, depthwise or not, or a linear layer with one input per channel
 * @param upperBound what a clip between them leaves at most; infinite without one
 * @param rectified whether a ReLU or clip stands between them, so that the second sees nothing below 0
 */
record LayerPair(Layer first, String activation, Layer second, float upperBound, boolean rectified) {
    /** What computes each channel alone, in proportion to its input where that is multiplied by a positive number. */
    private static final Set<String> PROPORTIONAL = Set.of(
            "MaxPool",
            "AveragePool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "Identity",
            "Flatten",
            "Reshape",
            "Squeeze");

    /** All pairs of a graph, in its order. */
    static List<LayerPair> find(GraphIndex index) {
        List<LayerPair> pairs = new ArrayList<>();
        for (Node node : index.graph().nodes()) {
            readAlone(node, index).flatMap(first -> behind(first, index)).ifPresent(pairs::add);
        }
        return pairs;
    }

    /** A layer whose weights no other node uses. */
    private static Optional<Layer> readAlone(Node node, GraphIndex index) {
        return Layer.read(node, index::constant)
                .filter(layer -> isUsedOnce(node.input(Layer.WEIGHT), index))
                .filter(layer -> layer.bias().isEmpty() || isUsedOnce(node.input(Layer.BIAS), index));
    }

    private static boolean isUsedOnce(String constant, GraphIndex index) {
        return index.consumers(constant).size() == 1 && !index.isOutput(constant);
    }

    private static Optional<LayerPair> behind(Layer first, GraphIndex index) {
        String value = first.node().output();
        String activation = value;
        float upperBound = Float.POSITIVE_INFINITY;
        boolean rectified = false;
        while (true) {
            Optional<Node> taker = index.soleConsumer(value);
            if (taker.isEmpty() || !taker.get().input(0).equals(value)) {
                return Optional.empty();
            }
            Node step = taker.get();
            Optional<ClipBounds> clip =
                    ClipBounds.read(step, index).filter(bounds -> bounds.min() == 0 && bounds.max() > 0);
            if (step.isOperator("Conv", "Gemm")) {
                float bound = upperBound;
                String seen = activation;
                boolean isRectified = rectified;
                return readAlone(step, index)
                        .filter(second -> inputChannels(second) == first.channels())
                        .map(second -> new LayerPair(first, seen, second, bound, isRectified));
            }
            if (step.isOperator("Relu") || clip.isPresent()) {
                rectified = true;
                upperBound = Math.min(upperBound, clip.map(ClipBounds::max).orElse(Float.POSITIVE_INFINITY));
                activation = step.outputs().get(0);
            } else if (step.outputs().size() != 1
                    || !(PROPORTIONAL.contains(step.op()) && step.domain().isEmpty() || isZeroPad(step, index))) {
                return Optional.empty();
            }
            value = step.outputs().get(0);
        }
    }

    /** The same pair with its layers as they are by now. */
    LayerPair withLayers(LayerEdit edit) {
        return new LayerPair(edit.layer(first), activation, edit.layer(second), upperBound, rectified);
    }

    private static boolean isZeroPad(Node node, GraphIndex index) {
        if (!node.isOperator("Pad")) {
            return false;
        }
        String value = node.input(2);
        return value.isEmpty()
                || index.constant(value)
                        .filter(constant -> constant.type() == ElementType.FLOAT && constant.size() == 1)
                        .filter(constant -> constant.toFloats()[0] == 0)
                        .isPresent();
    }

    private static long inputChannels(Layer layer) {
        return layer.weight().shape().get(1) * groups(layer);
    }

    private static long groups(Layer layer) {
        return layer.node().integer("group", 1);
    }

    /** Whether each of the second layer's output channels sees one channel alone. */
    boolean isDepthwise() {
        return second.weight().shape().get(1) == 1 && groups(second) == first.channels();
    }

    /** For each element of the second layer's weights, row by row, the channel that it multiplies. */
    int channelOfWeight(int element) {
        List<Long> shape = second.weight().shape();
        int perInput = 1;
        for (int i = 2; i < shape.size(); i++) {
            perInput *= shape.get(i).intValue();
        }
        int inputs = shape.get(1).intValue();
        int output = element / perInput / inputs;
        int outputsPerGroup = second.channels() / (int) groups(second);
        return output / outputsPerGroup * inputs + element / perInput % inputs;
    }
}
