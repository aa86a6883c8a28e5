package dev.glint.exporter.verify;

import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.OnnxModel;
import dev.glint.exporter.inference.OnnxSession;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks into the graph that ONNX Runtime makes of a quantised one. Each {@code QuantizeLinear} and {@code
 * DequantizeLinear} that is left costs time, and mostly means that the operator between runs in float. Allowed are those
 * that are meant: from the graph's input to integers, and between integers and what the plan leaves in float.
 */
public final class FusionCheck {
    /** Steps that move elements and compute nothing; ONNX Runtime puts some in. What counts is what stands behind them. */
    private static final Set<String> MOVES = Set.of(
            "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "ReorderInput", "ReorderOutput");

    private final Graph optimized;
    private final Map<String, List<Node>> consumers;
    private final Map<String, Node> producers;
    private final Set<String> integerNodes;
    private final Set<String> integerValues = new HashSet<>();
    private final Set<String> floatNodes = new HashSet<>();

    private FusionCheck(Graph quantized, Graph optimized, Set<String> integerNodes) {
        this.optimized = optimized;
        this.consumers = optimized.consumers();
        this.producers = optimized.producers();
        this.integerNodes = integerNodes;
        for (Node node : quantized.nodes()) {
            if (integerNodes.contains(node.name())) {
                integerValues.addAll(node.outputs());
            } else if (!isConversion(node)) {
                floatNodes.add(node.name());
            }
        }
    }

    /**
     * The conversions that ONNX Runtime could not fuse on this machine.
     *
     * @param quantized a model in QDQ form
     * @param integerNodes the names of the nodes that should have become integer operators
     * @return a description of each, by name; empty if all is well
     */
    public static List<String> unfused(OnnxModel quantized, Set<String> integerNodes) {
        Graph optimized = OnnxSession.optimized(quantized).graph();
        return new FusionCheck(quantized.graph(), optimized, integerNodes).unfused();
    }

    /**
     * Passes if everything is fused.
     *
     * @throws GlintException ({@code GATE}) naming what is not
     */
    public static void require(OnnxModel quantized, Set<String> integerNodes) {
        List<String> unfused = unfused(quantized, integerNodes);
        if (!unfused.isEmpty()) {
            throw GlintException.failure(
                    Reason.GATE,
                    unfused.size() + " conversions that ONNX Runtime cannot fuse: " + String.join("; ", unfused),
                    "integer operators throughout",
                    "report it with the model; fp32.onnx is not affected");
        }
    }

    private List<String> unfused() {
        List<String> found = new ArrayList<>();
        for (Node node : optimized.nodes()) {
            if (node.isOperator("DequantizeLinear") && !endsInFloat(node.output())) {
                found.add(node + " before " + names(consumers.getOrDefault(node.output(), List.of())));
            } else if (node.isOperator("QuantizeLinear") && !beginsInFloat(node.input(0))) {
                Node producer = producers.get(node.input(0));
                found.add(node + (producer == null ? " of a constant" : " after " + producer));
            }
        }
        return found;
    }

    private static String names(List<Node> nodes) {
        return String.join(", ", nodes.stream().map(Node::toString).toList());
    }

    private boolean endsInFloat(String value) {
        return consumers.getOrDefault(value, List.of()).stream()
                .allMatch(node -> isMove(node) ? endsInFloat(node.output()) : isFloatStep(node));
    }

    private boolean beginsInFloat(String value) {
        Node producer = producers.get(value);
        if (producer == null) {
            return optimized.isInput(value);
        }
        return isMove(producer) ? beginsInFloat(producer.input(0)) : isFloatStep(producer);
    }

    private boolean isMove(Node node) {
        return MOVES.contains(node.op()) && !floatNodes.contains(node.name());
    }

    /**
     * Whether a step computes and was meant to do so in float. ONNX Runtime keeps a node's name or, where it makes one of
     * several, the name of the last one's output.
     */
    private boolean isFloatStep(Node node) {
        return !isConversion(node)
                && !integerNodes.contains(node.name())
                && node.outputs().stream().noneMatch(integerValues::contains);
    }

    private static boolean isConversion(Node node) {
        return node.isOperator("QuantizeLinear", "DequantizeLinear");
    }
}
