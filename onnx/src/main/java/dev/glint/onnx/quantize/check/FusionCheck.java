package dev.glint.onnx.quantize.check;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks into the graph that ONNX Runtime makes of a quantised one. Each {@code QuantizeLinear} and {@code
 * DequantizeLinear} that is left costs time, and mostly means that the operator between runs in float. Allowed are those
 * that are meant: from the graph's input to integers, and between integers and what the plan leaves in float.
 */
public final class FusionCheck {
    /** Steps that move elements and compute nothing; ONNX Runtime puts some in. What counts is what stands behind them. */
    private static final Set<String> MOVES = Set.of(
            "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "ReorderInput", "ReorderOutput");

    private final GraphIndex quantized;
    private final GraphIndex optimized;
    private final Set<String> integerNodes;
    private final Map<String, String> integerValues = new HashMap<>();
    private final Set<String> floatNodes = new HashSet<>();

    private FusionCheck(GraphIndex quantized, GraphIndex optimized, Set<String> integerNodes) {
        this.quantized = quantized;
        this.optimized = optimized;
        this.integerNodes = integerNodes;
        for (Node node : quantized.graph().nodes()) {
            if (integerNodes.contains(node.name())) {
                node.outputs().forEach(value -> integerValues.put(value, node.name()));
            } else if (!isConversion(node)) {
                floatNodes.add(node.name());
            }
        }
    }

    /**
     * A conversion that is left.
     *
     * @param description for people
     * @param nodes the names of the nodes that should have become integer operators; empty if none can be told
     */
    public record Unfused(String description, Set<String> nodes) {}

    /**
     * The conversions that ONNX Runtime could not fuse on this machine.
     *
     * @param quantized a model in QDQ form
     * @param optimized what ONNX Runtime made of it
     * @param integerNodes the names of the nodes that should have become integer operators
     * @return each, in the order in which they run; empty if all is well
     */
    public static List<Unfused> unfused(OnnxModel quantized, OnnxModel optimized, Set<String> integerNodes) {
        GraphIndex before = new GraphIndex(quantized.graph());
        return new FusionCheck(before, new GraphIndex(optimized.graph()), integerNodes).unfused();
    }

    private List<Unfused> unfused() {
        List<Unfused> found = new ArrayList<>();
        for (Node node : optimized.graph().nodes()) {
            if (node.isOperator("DequantizeLinear") && !endsInFloat(node.output())) {
                String takers = String.join(
                        ", ",
                        optimized.consumers(node.output()).stream()
                                .map(Node::toString)
                                .toList());
                found.add(new Unfused(node + " before " + takers, plannedTakers(node)));
            } else if (node.isOperator("QuantizeLinear") && !beginsInFloat(node, node.input(0))) {
                String maker = optimized
                        .producer(node.input(0))
                        .map(producer -> " after " + producer)
                        .orElse(" of a constant");
                found.add(new Unfused(node + maker, plannedMakers(node)));
            }
        }
        return found;
    }

    private boolean endsInFloat(String value) {
        return optimized.consumers(value).stream()
                .allMatch(node ->
                        isMove(node) ? endsInFloat(node.output()) : isFloatStep(node) || swallowedFloatStep(node));
    }

    private boolean beginsInFloat(Node quantize, String value) {
        Optional<Node> producer = optimized.producer(value);
        if (producer.isEmpty()) {
            return optimized.isInput(value);
        }
        return isMove(producer.get())
                ? beginsInFloat(quantize, producer.get().input(0))
                : isFloatStep(producer.get())
                        || producer.get().isOperator("DequantizeLinear") && swallowedFloatStep(quantize);
    }

    private boolean isMove(Node node) {
        return MOVES.contains(node.op()) && !floatNodes.contains(node.name());
    }

    /**
     * Whether a step computes and was meant to do so in float. ONNX Runtime keeps a node's name or, where it makes one of
     * several, the name of the last one's output.
     */
    private boolean isFloatStep(Node node) {
        return !isConversion(node) && planned(node).isEmpty();
    }

    /** Whether what is a change of encoding now was meant to follow a float step, such as a clip that its ends replace. */
    private boolean swallowedFloatStep(Node node) {
        return node.isOperator("QuantizeLinear")
                && plannedStepBefore(node)
                        .filter(step -> floatNodes.contains(step.name()))
                        .isPresent();
    }

    /** The step whose output was to be quantised. */
    private Optional<Node> plannedStepBefore(Node quantize) {
        return quantized.producer(quantize.output()).flatMap(twin -> quantized.producer(twin.input(0)));
    }

    /** The node that an optimised one was to be the integer form of. */
    private Optional<String> planned(Node node) {
        if (integerNodes.contains(node.name())) {
            return Optional.of(node.name());
        }
        return node.outputs().stream()
                .flatMap(value -> Optional.ofNullable(integerValues.get(value)).stream())
                .findFirst();
    }

    private Set<String> plannedTakers(Node dequantize) {
        Set<String> takers = new LinkedHashSet<>();
        addPlannedTakers(dequantize.output(), takers);
        if (takers.isEmpty()) {
            // ONNX Runtime makes copies of a conversion that several take; all have the bytes in common.
            quantized.consumers(dequantize.input(0)).stream()
                    .flatMap(twin -> quantized.consumers(twin.outputs().get(0)).stream())
                    .forEach(taker -> planned(taker).ifPresent(takers::add));
        }
        return takers;
    }

    private void addPlannedTakers(String value, Set<String> takers) {
        for (Node node : optimized.consumers(value)) {
            if (isMove(node)) {
                addPlannedTakers(node.output(), takers);
            } else if (node.isOperator("QuantizeLinear")) {
                plannedStepBefore(node).flatMap(this::planned).ifPresent(takers::add);
            } else {
                planned(node).ifPresent(takers::add);
            }
        }
    }

    private Set<String> plannedMakers(Node quantize) {
        Optional<Node> maker = optimized.producer(quantize.input(0));
        while (maker.isPresent() && isMove(maker.get())) {
            maker = optimized.producer(maker.get().input(0));
        }
        Optional<String> planned = maker.flatMap(this::planned);
        return (planned.isPresent() ? planned : plannedStepBefore(quantize).flatMap(this::planned))
                .stream().collect(Collectors.toSet());
    }

    private static boolean isConversion(Node node) {
        return node.isOperator("QuantizeLinear", "DequantizeLinear");
    }
}
