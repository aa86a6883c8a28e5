package dev.glint.onnx.quantize.check;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.scheme.Range;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds steps whose numbers are too large for halves. */
public final class HalfOverflow {
    /** Half of the largest half, 65,504: other pictures may have larger numbers than those that were seen. */
    private static final float LARGEST = 32_752;

    private HalfOverflow() {}

    /**
     * The names of the nodes in halves that take or make numbers that are too large.
     *
     * @param ranges what was seen of each value
     */
    public static Set<String> nodes(Graph graph, QuantizationPlan plan, Map<String, Range> ranges) {
        Set<String> found = new LinkedHashSet<>();
        for (Node node : graph.nodes()) {
            if (plan.integerNodes().contains(node.name())
                    && (node.inputs().stream().anyMatch(value -> isLarge(ranges.get(value)))
                            || node.outputs().stream().anyMatch(value -> isLarge(ranges.get(value))))) {
                found.add(node.name());
            }
        }
        return found;
    }

    private static boolean isLarge(@Nullable Range range) {
        return range != null && (range.max() > LARGEST || range.min() < -LARGEST);
    }
}
