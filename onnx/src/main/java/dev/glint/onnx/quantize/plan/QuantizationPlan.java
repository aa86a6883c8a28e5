package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a graph is computed in integers, as ONNX Runtime's QDQ fusions want it: a byte encoding on each input of a
 * convolution, pool, addition, product or concatenation and on its output; nothing between one of these and the ReLU or
 * clip behind it, which the ends of the encoding replace. A sigmoid of bytes becomes a table, as does a ReLU whose input
 * others need as it is.
 *
 * @param profile what it goes by
 * @param integerNodes the names of the nodes that become integer operators, with the activations that vanish in them;
 *     those of halves in a profile of halves
 * @param activations the values that are encoded, and how. The range of the value itself decides the encoding, but that of
 *     the input for a max-pool or reshape, which takes bytes as they are, and for what only a ReLU or clip will see through
 *     such steps, that one's output
 * @param weights how the weights of a layer are encoded, by the layer's name
 * @param vanishing the activations that vanish, by the name of the node that they vanish in
 * @param floatNodes the names of all other nodes, each with the reason
 */
public record QuantizationPlan(
        Profile profile,
        Set<String> integerNodes,
        Map<String, EncodedActivation> activations,
        Map<String, TensorScheme> weights,
        Map<String, String> vanishing,
        Map<String, FloatReason> floatNodes) {

    /** Which layers at the end of a network become integer operators too. */
    public enum Head {
        /** Global average pool and linear layers stay in float: half the error of a small network, at no cost. */
        FLOAT,
        /** Global average pool, flatten and linear layers become integer operators. */
        INTEGER
    }

    public QuantizationPlan {
        integerNodes = Collections.unmodifiableSet(new LinkedHashSet<>(integerNodes));
        activations = Collections.unmodifiableMap(new LinkedHashMap<>(activations));
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        vanishing = Collections.unmodifiableMap(new LinkedHashMap<>(vanishing));
        floatNodes = Collections.unmodifiableMap(new LinkedHashMap<>(floatNodes));
    }

    /**
     * Plans a float graph.
     *
     * @param schemes the tensors that do not follow the profile
     * @param kept the names of nodes that stay in float whatever they are, each with the reason: mostly that a runtime was
     *     seen not to fuse them
     */
    public static QuantizationPlan derive(
            GraphIndex index, Profile profile, SchemeChanges schemes, Map<String, FloatReason> kept) {
        return switch (profile.form()) {
            case QDQ -> new Planner(index, profile, schemes, kept).plan();
            case QDQ_TENSORRT, DYNAMIC, WEIGHTS -> new LayerPlanner(index, profile, schemes, kept).plan();
            case HALVES -> new HalfPlanner(index, profile, kept).plan();
        };
    }

    /** The values that are encoded, each with the value whose range decides how. */
    public Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        activations.forEach((value, encoded) -> values.put(value, encoded.decidedBy()));
        return values;
    }

    /** The scheme of what the range of a value decides, the first of several. */
    public TensorScheme schemeDecidedBy(String value) {
        return activations.values().stream()
                .filter(encoded -> encoded.decidedBy().equals(value))
                .findFirst()
                .orElseThrow()
                .scheme();
    }

    /** The names of the nodes that stay in float, by the reason, both in the graph's order. */
    public Map<FloatReason, List<String>> floatNodesByReason() {
        return floatNodes.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue,
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
    }

    /** The values whose ranges must be known. */
    public Set<String> calibrated() {
        return new LinkedHashSet<>(values().values());
    }
}
