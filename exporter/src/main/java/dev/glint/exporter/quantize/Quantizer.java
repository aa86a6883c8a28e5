package dev.glint.exporter.quantize;

import dev.glint.exporter.graph.Graph;
import dev.glint.exporter.graph.Node;
import dev.glint.exporter.graph.Tensor;
import dev.glint.exporter.pass.RemoveDeadCode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Static quantisation: unsigned 8-bit asymmetric activations, signed 8-bit symmetric weights per output channel.
 *
 * <p>x86 processors without VNNI (before 2019) add two products of an unsigned and a signed byte in 16 bits, where
 * neighbouring large weights of one sign under large activations saturate: 2 x 255 x 127 is above 32,767. Whether a
 * model suffers shows in its accuracy on such a machine; weights of 7 bits, which would avoid it at the cost of error
 * everywhere else, are not written. ARM processors and x86 with VNNI add in 32 bits.
 */
public final class Quantizer {
    private Quantizer() {}

    /**
     * Writes a plan into a float graph.
     *
     * @param ranges of the values that the plan calibrates
     * @return the graph with {@code QuantizeLinear} and {@code DequantizeLinear} pairs
     */
    public static Graph quantize(Graph graph, QuantizationPlan plan, Map<String, Range> ranges) {
        Map<String, Node> producers = graph.producers();
        Map<String, ActivationEncoding> calibrated = new LinkedHashMap<>();
        for (String value : plan.calibrated()) {
            ActivationEncoding encoding = ActivationEncoding.covering(ranges.get(value));
            Node producer = producers.get(value);
            boolean clipped = producer != null && producer.isOperator("Clip");
            calibrated.put(value, clipped ? encoding.notAbove(bound(graph, producer)) : encoding);
        }
        Map<String, ActivationEncoding> encodings = new LinkedHashMap<>();
        plan.values().forEach((value, source) -> encodings.put(value, calibrated.get(source)));
        return new RemoveDeadCode().apply(new QdqRewriter(graph, plan, encodings).rewrite());
    }

    /** A clip vanishes in a runtime only if no byte stands for more than its bound, not even by a rounding. */
    private static float bound(Graph graph, Node clip) {
        Tensor max = graph.initializers().get(clip.input(2));
        return max == null ? Float.MAX_VALUE : max.toFloats()[0];
    }
}
