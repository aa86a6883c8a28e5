package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.shape.ShapeInference;
import dev.glint.onnx.shape.Shapes;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans halves: every operator of the networks that Glint knows, but where a weight is too large for one. */
final class HalfPlanner {
    /** The largest finite half. */
    private static final float LARGEST = 65_504;

    /** Those all of whose floats may be halves instead. */
    private static final Set<String> OPERATORS = Set.of(
            "Conv",
            "ConvTranspose",
            "Gemm",
            "MatMul",
            "BatchNormalization",
            "LayerNormalization",
            "InstanceNormalization",
            "LpNormalization",
            "Relu",
            "LeakyRelu",
            "PRelu",
            "Clip",
            "Sigmoid",
            "Tanh",
            "HardSigmoid",
            "HardSwish",
            "Elu",
            "Selu",
            "Softplus",
            "Softsign",
            "Softmax",
            "LogSoftmax",
            "Erf",
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Max",
            "Min",
            "Neg",
            "Abs",
            "Sqrt",
            "Exp",
            "MaxPool",
            "AveragePool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "Concat",
            "Flatten",
            "Reshape",
            "Transpose",
            "Squeeze",
            "Unsqueeze",
            "Pad",
            "Slice",
            "Split",
            "Identity",
            "DepthToSpace",
            "SpaceToDepth",
            "ReduceMean",
            "ReduceMax");

    private final GraphIndex index;
    private final Shapes shapes;
    private final Profile profile;
    private final Map<String, FloatReason> kept;

    HalfPlanner(GraphIndex index, Profile profile, Map<String, FloatReason> kept) {
        this.index = index;
        this.shapes = ShapeInference.infer(index.graph());
        this.profile = profile;
        this.kept = kept;
    }

    QuantizationPlan plan() {
        Set<String> halves = new LinkedHashSet<>();
        Map<String, FloatReason> floatNodes = new LinkedHashMap<>();
        Map<String, EncodedActivation> activations = new LinkedHashMap<>();
        for (Node node : index.graph().nodes()) {
            Optional<FloatReason> obstacle = obstacle(node);
            if (obstacle.isPresent()) {
                floatNodes.put(node.name(), obstacle.get());
                continue;
            }
            halves.add(node.name());
            node.inputs().stream().filter(this::isFloat).forEach(value -> encode(value, activations));
            node.outputs().stream().filter(this::isFloat).forEach(value -> encode(value, activations));
        }
        return new QuantizationPlan(profile, halves, activations, Map.of(), Map.of(), floatNodes);
    }

    /** The range of each half is looked at, since it may be too large. */
    private void encode(String value, Map<String, EncodedActivation> activations) {
        if (index.constant(value).isEmpty()) {
            activations.putIfAbsent(value, new EncodedActivation(profile.activations(), value, 1));
        }
    }

    private boolean isFloat(String value) {
        return !value.isEmpty() && shapes.type(value).equals(Optional.of(ElementType.FLOAT));
    }

    private Optional<FloatReason> obstacle(Node node) {
        if (kept.containsKey(node.name())) {
            return Optional.of(kept.get(node.name()));
        }
        boolean known = node.domain().isEmpty()
                && OPERATORS.contains(node.op())
                && isFloat(node.input(0))
                && node.outputs().stream().allMatch(value -> value.isEmpty() || isFloat(value));
        if (!known) {
            return Optional.of(FloatReason.OPERATOR);
        }
        boolean fits = node.inputs().stream()
                .flatMap(value -> index.constant(value).stream())
                .filter(tensor -> tensor.type() == ElementType.FLOAT)
                .allMatch(HalfPlanner::fits);
        return fits ? Optional.empty() : Optional.of(FloatReason.OVERFLOW);
    }

    private static boolean fits(Tensor tensor) {
        for (float value : tensor.toFloats()) {
            if (!(Math.abs(value) <= LARGEST)) {
                return false;
            }
        }
        return true;
    }
}
