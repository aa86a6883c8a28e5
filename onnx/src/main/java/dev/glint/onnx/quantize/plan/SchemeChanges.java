package dev.glint.onnx.quantize.plan;

import dev.glint.onnx.quantize.scheme.TensorScheme;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tensors that do not follow their profile. A value that has the bytes of another one, behind a max-pool or a reshape,
 * follows that one.
 *
 * @param activations by the name of the value
 * @param weights by the name of their layer
 */
public record SchemeChanges(Map<String, SchemeChange> activations, Map<String, SchemeChange> weights) {
    /** All follow it. */
    public static final SchemeChanges NONE = new SchemeChanges(Map.of(), Map.of());

    public SchemeChanges {
        activations = Collections.unmodifiableMap(new LinkedHashMap<>(activations));
        weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    }

    /** Those with which another plan gives tensors the schemes that they have in this one. */
    public static SchemeChanges following(QuantizationPlan plan) {
        Map<String, SchemeChange> activations = new LinkedHashMap<>();
        plan.activations().forEach((value, encoded) -> activations.put(value, SchemeChange.to(encoded.scheme())));
        Map<String, SchemeChange> weights = new LinkedHashMap<>();
        plan.weights().forEach((layer, scheme) -> weights.put(layer, SchemeChange.to(scheme)));
        return new SchemeChanges(activations, weights);
    }

    TensorScheme activation(String value, Profile profile) {
        return activations.getOrDefault(value, SchemeChange.NONE).applied(profile.activations());
    }

    TensorScheme weight(String layer, Profile profile) {
        return weights.getOrDefault(layer, SchemeChange.NONE).applied(profile.weights());
    }
}
