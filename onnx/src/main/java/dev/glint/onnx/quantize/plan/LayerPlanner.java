package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.quantize.plan.Profile.Form;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.IntegerType;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import dev.glint.onnx.quantize.scheme.TensorScheme.Symmetry;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans the forms in which only layers with weights, and what is added to theirs for TensorRT, are quantised. */
final class LayerPlanner {
    private final GraphIndex index;
    private final Profile profile;
    private final SchemeChanges schemes;
    private final Map<String, FloatReason> kept;
    private final Set<String> integerNodes = new LinkedHashSet<>();
    private final Map<String, EncodedActivation> activations = new LinkedHashMap<>();
    private final Map<String, TensorScheme> weights = new LinkedHashMap<>();
    private final Map<String, FloatReason> floatNodes = new LinkedHashMap<>();

    LayerPlanner(GraphIndex index, Profile profile, SchemeChanges schemes, Map<String, FloatReason> kept) {
        this.index = index;
        this.profile = profile;
        this.schemes = schemes;
        this.kept = kept;
    }

    QuantizationPlan plan() {
        for (Node node : index.graph().nodes()) {
            Optional<FloatReason> obstacle = obstacle(node);
            if (obstacle.isPresent()) {
                floatNodes.put(node.name(), obstacle.get());
                continue;
            }
            integerNodes.add(node.name());
            if (node.isOperator("Add")) {
                encode(shortcut(node).orElseThrow());
                continue;
            }
            weights.put(node.name(), weight(node));
            if (profile.form() == Form.QDQ_TENSORRT) {
                encode(node.input(0));
            }
        }
        return new QuantizationPlan(profile, integerNodes, activations, weights, Map.of(), floatNodes);
    }

    private void encode(String value) {
        activations.putIfAbsent(value, new EncodedActivation(schemes.activation(value, profile), value, 1));
    }

    /** Products of sums are scaled afterwards, in the dynamic form, which leaves no room for a zero point. */
    private TensorScheme weight(Node node) {
        TensorScheme scheme = schemes.weight(node.name(), profile);
        boolean centered = scheme.type() == IntegerType.S8 && scheme.symmetry() == Symmetry.SYMMETRIC;
        if (profile.form() == Form.DYNAMIC && !centered) {
            throw GlintException.failure(
                    Reason.INPUT,
                    scheme.describe() + " for the weights of " + node.name(),
                    "s8 symmetric in " + profile.name(),
                    "leave the variant out, or the override");
        }
        return scheme;
    }

    private Optional<FloatReason> obstacle(Node node) {
        if (kept.containsKey(node.name())) {
            return Optional.of(kept.get(node.name()));
        }
        if (node.isOperator("Conv", "Gemm")) {
            boolean layer = index.constant(node.input(0)).isEmpty()
                    && Layer.read(node, index::constant).isPresent();
            boolean head = node.isOperator("Gemm") && profile.head() == Head.FLOAT;
            return layer ? head ? Optional.of(FloatReason.HEAD) : Optional.empty() : Optional.of(FloatReason.CONSTANTS);
        }
        boolean joins = profile.form() == Form.QDQ_TENSORRT && shortcut(node).isPresent();
        return joins ? Optional.empty() : Optional.of(FloatReason.OPERATOR);
    }

    /** What a residual network adds to the output of a convolution, which TensorRT fuses into that one if it is encoded. */
    private Optional<String> shortcut(Node node) {
        if (!node.isOperator("Add") || node.inputs().size() != 2) {
            return Optional.empty();
        }
        List<Boolean> layers = node.inputs().stream()
                .map(value -> index.producer(value)
                        .filter(producer -> weights.containsKey(producer.name())
                                && index.soleConsumer(value).isPresent())
                        .isPresent())
                .toList();
        boolean constant =
                node.inputs().stream().anyMatch(value -> index.constant(value).isPresent());
        if (constant || !layers.contains(true)) {
            return Optional.empty();
        }
        return Optional.of(node.input(layers.get(0) ? 1 : 0));
    }
}
