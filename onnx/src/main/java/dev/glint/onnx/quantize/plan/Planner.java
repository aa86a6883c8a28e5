package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Layer;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Walks a graph once and decides for each node. */
final class Planner {
    private final GraphIndex index;
    private final Profile profile;
    private final SchemeChanges schemes;
    private final Head head;
    private final Map<String, FloatReason> kept;
    private final Set<String> headConvolutions;
    private final Set<String> leadingToConvolutions;
    private final Set<String> integerNodes = new LinkedHashSet<>();
    private final Map<String, EncodedActivation> values = new LinkedHashMap<>();

    private final Map<String, TensorScheme> weights = new LinkedHashMap<>();
    private final Map<String, String> vanishing = new LinkedHashMap<>();
    private final Map<String, FloatReason> floatNodes = new LinkedHashMap<>();
    private final Set<String> integerValues = new HashSet<>();

    Planner(GraphIndex index, Profile profile, SchemeChanges schemes, Map<String, FloatReason> kept) {
        this.index = index;
        this.profile = profile;
        this.schemes = schemes;
        this.head = profile.head();
        this.kept = kept;
        this.headConvolutions = PooledHead.convolutions(index);
        this.leadingToConvolutions = leadingToConvolutions(index.graph());
    }

    /** The values behind which, at any distance, a convolution comes. */
    private Set<String> leadingToConvolutions(Graph graph) {
        Set<String> leading = new HashSet<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            boolean convolution = node.isOperator("Conv") && !headConvolutions.contains(node.name());
            if (convolution || node.outputs().stream().anyMatch(leading::contains)) {
                leading.addAll(node.inputs());
            }
        }
        return leading;
    }

    QuantizationPlan plan() {
        for (Node node : index.graph().nodes()) {
            if (integerNodes.contains(node.name())) {
                continue;
            }
            Optional<FloatReason> obstacle = obstacle(node);
            if (obstacle.isPresent()) {
                floatNodes.put(node.name(), obstacle.get());
            } else {
                add(node);
            }
        }
        return new QuantizationPlan(profile, integerNodes, values, weights, vanishing, floatNodes);
    }

    private Optional<FloatReason> obstacle(Node node) {
        Optional<IntegerOperator> operator = IntegerOperator.find(node, index);
        if (operator.isEmpty() || node.outputs().size() != 1) {
            return Optional.of(FloatReason.OPERATOR);
        }
        if (kept.containsKey(node.name())) {
            return Optional.of(kept.get(node.name()));
        }
        List<String> inputs = activations(node);
        boolean all = !inputs.isEmpty() && integerValues.containsAll(inputs);
        boolean some = inputs.stream().anyMatch(integerValues::contains);
        boolean two = node.inputs().size() == 2 && hasUsableConstants(node);
        boolean noConstants = inputs.size() == node.inputs().size();
        return switch (operator.get()) {
            case CONVOLUTION ->
                head == Head.FLOAT && headConvolutions.contains(node.name())
                        ? Optional.of(FloatReason.HEAD)
                        : demand(isLayer(node), FloatReason.CONSTANTS);
            case LINEAR ->
                head == Head.FLOAT ? Optional.of(FloatReason.HEAD) : demand(isLayer(node), FloatReason.CONSTANTS);
            case SUM -> two ? demand(some, FloatReason.INPUT) : Optional.of(FloatReason.CONSTANTS);
            case PRODUCT -> two ? demand(all, FloatReason.INPUT) : Optional.of(FloatReason.CONSTANTS);
            case MATRIX_PRODUCT ->
                !isBeforeHead(node)
                        ? Optional.of(FloatReason.HEAD)
                        : two ? demand(all, FloatReason.INPUT) : Optional.of(FloatReason.CONSTANTS);
            case SCALING -> demand(all, FloatReason.INPUT);
            case COMBINATION, TABLE, SELECTION ->
                noConstants ? demand(all, FloatReason.INPUT) : Optional.of(FloatReason.CONSTANTS);
            case GLOBAL_AVERAGE, RESHAPE ->
                isBeforeHead(node) ? demand(all, FloatReason.INPUT) : Optional.of(FloatReason.HEAD);
        };
    }

    private boolean isBeforeHead(Node node) {
        return head == Head.INTEGER || leadingToConvolutions.contains(node.output());
    }

    /** Whether all constants that a node takes are finite floats. */
    private boolean hasUsableConstants(Node node) {
        return node.inputs().stream()
                .flatMap(value -> index.constant(value).stream())
                .allMatch(tensor -> tensor.type() == ElementType.FLOAT
                        && Range.covering(tensor.toFloats()).isPresent());
    }

    private static Optional<FloatReason> demand(boolean condition, FloatReason otherwise) {
        return condition ? Optional.empty() : Optional.of(otherwise);
    }

    private boolean isLayer(Node node) {
        return !activations(node).isEmpty() && Layer.read(node, index::constant).isPresent();
    }

    private void add(Node node) {
        integerNodes.add(node.name());
        activations(node).forEach(value -> values.putIfAbsent(value, encodedBy(value, value)));
        IntegerOperator operator = IntegerOperator.find(node, index).orElseThrow();
        if (operator.hasWeights()) {
            weights.put(node.name(), schemes.weight(node.name(), profile));
        }
        String output = node.output();
        if (operator == IntegerOperator.SCALING) {
            addScaled(output, Scaling.read(node, index).orElseThrow());
            return;
        }
        Optional<Node> activation = vanishingBehind(output).filter(taker -> canVanish(taker, node, operator));
        if (activation.isPresent()) {
            integerNodes.add(activation.get().name());
            vanishing.put(node.name(), activation.get().name());
            output = activation.get().output();
        }
        integerValues.add(output);
        boolean logits = operator == IntegerOperator.LINEAR && index.isOutput(output);
        if (!logits) {
            values.putIfAbsent(
                    output,
                    operator.keepsEncoding() ? values.get(node.input(0)) : encodedBy(output, decidingRange(output)));
        }
    }

    private void addScaled(String output, Scaling scaling) {
        EncodedActivation bytes = Objects.requireNonNull(values.get(scaling.value()));
        integerValues.add(output);
        values.put(output, new EncodedActivation(bytes.scheme(), bytes.decidedBy(), bytes.factor() * scaling.factor()));
    }

    private EncodedActivation encodedBy(String value, String decidedBy) {
        return new EncodedActivation(schemes.activation(value, profile), decidedBy, 1);
    }

    /** A step that leaves bytes as they are can only cut what its input's encoding cuts already. */
    private boolean canVanish(Node activation, Node node, IntegerOperator operator) {
        return !operator.keepsEncoding()
                || activation
                        .output()
                        .equals(Objects.requireNonNull(values.get(node.input(0)))
                                .decidedBy());
    }

    /** The ReLU or clip around 0 that alone takes a value. */
    private Optional<Node> vanishingBehind(String value) {
        return index.soleConsumer(value)
                .filter(taker -> taker.input(0).equals(value) && !kept.containsKey(taker.name()))
                .filter(taker -> taker.isOperator("Relu")
                        || ClipBounds.read(taker, index)
                                .filter(ClipBounds::holdZero)
                                .isPresent());
    }

    /**
     * The value whose range is all that anybody will see of a value: itself, or what a ReLU or clip leaves of it behind
     * steps that only move or select elements.
     */
    private String decidingRange(String value) {
        String seen = value;
        while (true) {
            Optional<Node> activation = vanishingBehind(seen);
            if (activation.isPresent()) {
                return activation.get().output();
            }
            String behind = seen;
            Optional<Node> step = index.soleConsumer(seen)
                    .filter(taker ->
                            taker.outputs().size() == 1 && taker.input(0).equals(behind))
                    .filter(taker -> IntegerOperator.find(taker, index)
                            .filter(IntegerOperator::keepsEncoding)
                            .isPresent());
            if (step.isEmpty()) {
                return value;
            }
            seen = step.get().output();
        }
    }

    private List<String> activations(Node node) {
        boolean layer = IntegerOperator.find(node, index)
                .filter(IntegerOperator::hasWeights)
                .isPresent();
        return node.inputs().subList(0, layer ? 1 : node.inputs().size()).stream()
                .filter(value -> index.constant(value).isEmpty())
                .toList();
    }
}
