package dev.glint.exporter.verify;

import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.OnnxModel;
import dev.glint.exporter.inference.OnnxSession;
import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
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
    private final Graph quantized;
    private final Graph optimized;
    private final Map<String, List<Node>> consumers;
    private final Map<String, Node> producers;
    private final Set<String> known = new HashSet<>();
    private final Set<String> floatValues = new HashSet<>();

    private FusionCheck(Graph quantized, Graph optimized, Set<String> integerNodes) {
        this.quantized = quantized;
        this.optimized = optimized;
        this.consumers = optimized.consumers();
        this.producers = optimized.producers();
        for (Node node : quantized.nodes()) {
            known.addAll(node.outputs());
            if (!integerNodes.contains(node.name()) && !node.is("QuantizeLinear", "DequantizeLinear")) {
                floatValues.addAll(node.outputs());
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
            throw GlintException.of(
                    Reason.GATE,
                    unfused.size() + " conversions that ONNX Runtime cannot fuse: " + String.join("; ", unfused),
                    "integer operators throughout",
                    "report it with the model; fp32.onnx is not affected");
        }
    }

    private List<String> unfused() {
        List<String> found = new ArrayList<>();
        for (Node node : optimized.nodes()) {
            if (node.is("DequantizeLinear") && !endsInFloat(node.output())) {
                found.add(node + " before " + names(consumers.getOrDefault(node.output(), List.of())));
            } else if (node.is("QuantizeLinear") && !beginsInFloat(node.input(0))) {
                Node producer = producers.get(node.input(0));
                found.add(node + (producer == null ? " of a constant" : " after " + producer));
            }
        }
        return found;
    }

    private static String names(List<Node> nodes) {
        return String.join(", ", nodes.stream().map(Node::toString).toList());
    }

    /**
     * Whether only float steps take a value. Steps that ONNX Runtime puts in, such as a change of layout, make values
     * that the quantised graph does not know; what counts is what comes behind them.
     */
    private boolean endsInFloat(String value) {
        return consumers.getOrDefault(value, List.of()).stream()
                .flatMap(node -> node.outputs().stream())
                .allMatch(made -> floatValues.contains(made) || !known.contains(made) && endsInFloat(made));
    }

    /** Whether a value is the graph's input or made by a float step; steps put in are passed over as well. */
    private boolean beginsInFloat(String value) {
        if (quantized.isInput(value) || floatValues.contains(value)) {
            return true;
        }
        Node producer = producers.get(value);
        return producer != null && !known.contains(value) && beginsInFloat(producer.input(0));
    }
}
