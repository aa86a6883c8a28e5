package dev.glint.onnx.quantize.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.onnx.quantize.scheme.ActivationEncoding;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.scheme.TensorScheme;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The JSON form of a plan, with what its tensors were measured to be. {@link PlanOverrides} reads it again. */
public final class PlanJson {
    static final String SCHEMA_FIELD = "schema";
    static final String SCHEMA = "glint.plan/1";

    private PlanJson() {}

    /**
     * Writes it: of each node whether it is integer or float, and why; of each activation and each layer's weights type,
     * symmetry and granularity; of activations range, scale and zero point as well.
     *
     * @param ranges of the values that the plan calibrates
     * @param encodings of the values that the plan encodes
     */
    public static JsonObject write(
            QuantizationPlan plan, Map<String, Range> ranges, Map<String, ActivationEncoding> encodings) {
        JsonObject json = new JsonObject();
        json.addProperty(SCHEMA_FIELD, SCHEMA);
        json.addProperty("profile", plan.profile().name());
        json.addProperty("scheme", plan.profile().scheme());
        json.add("nodes", nodes(plan));
        JsonObject activations = new JsonObject();
        plan.activations().forEach((value, encoded) -> {
            JsonObject tensor = tensor(encoded.scheme());
            if (!encoded.decidedBy().equals(value)) {
                tensor.addProperty("decidedBy", encoded.decidedBy());
            }
            if (encoded.factor() != 1) {
                tensor.addProperty("factor", encoded.factor());
            }
            Range range = Objects.requireNonNull(ranges.get(encoded.decidedBy()));
            JsonArray ends = new JsonArray();
            ends.add(range.min());
            ends.add(range.max());
            tensor.add("range", ends);
            ActivationEncoding encoding = Objects.requireNonNull(encodings.get(value));
            tensor.addProperty("scale", encoding.scale());
            tensor.addProperty("zeroPoint", encoding.zeroPoint());
            activations.add(value, tensor);
        });
        json.add("activations", activations);
        JsonObject weights = new JsonObject();
        plan.weights().forEach((layer, scheme) -> weights.add(layer, tensor(scheme)));
        json.add("weights", weights);
        return json;
    }

    private static JsonObject nodes(QuantizationPlan plan) {
        Map<String, String> vanishIn = new LinkedHashMap<>();
        plan.vanishing().forEach((node, vanishing) -> vanishIn.put(vanishing, node));
        JsonObject nodes = new JsonObject();
        plan.integerNodes().forEach(name -> {
            JsonObject node = new JsonObject();
            node.addProperty("type", "integer");
            if (vanishIn.containsKey(name)) {
                node.addProperty("vanishesIn", vanishIn.get(name));
            }
            nodes.add(name, node);
        });
        plan.floatNodes().forEach((name, reason) -> {
            JsonObject node = new JsonObject();
            node.addProperty("type", "float");
            node.addProperty("reason", reason.text());
            nodes.add(name, node);
        });
        return nodes;
    }

    private static JsonObject tensor(TensorScheme scheme) {
        JsonObject tensor = new JsonObject();
        tensor.addProperty("type", scheme.typeName());
        tensor.addProperty("symmetry", word(scheme.symmetry()));
        tensor.addProperty("granularity", word(scheme.granularity()));
        return tensor;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
