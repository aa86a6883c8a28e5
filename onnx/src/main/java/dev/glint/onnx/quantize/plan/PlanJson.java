package dev.glint.onnx.quantize.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** The JSON form of a plan. */
final class PlanJson {
    private PlanJson() {}

    static JsonObject write(QuantizationPlan plan) {
        JsonObject json = new JsonObject();
        json.addProperty("profile", plan.profile().name());
        json.addProperty("scheme", plan.profile().scheme());
        JsonArray activations = new JsonArray();
        plan.activations().forEach((value, encoded) -> {
            JsonObject entry = new JsonObject();
            entry.addProperty("value", value);
            entry.addProperty("scheme", encoded.scheme().describe());
            entry.addProperty("decidedBy", encoded.decidedBy());
            entry.addProperty("factor", encoded.factor());
            activations.add(entry);
        });
        json.add("activations", activations);
        JsonArray weights = new JsonArray();
        plan.weights().forEach((layer, scheme) -> {
            JsonObject entry = new JsonObject();
            entry.addProperty("layer", layer);
            entry.addProperty("scheme", scheme.describe());
            weights.add(entry);
        });
        json.add("weights", weights);
        JsonArray integers = new JsonArray();
        plan.integerNodes().forEach(integers::add);
        json.add("integerNodes", integers);
        JsonArray floats = new JsonArray();
        plan.floatNodes().forEach((node, reason) -> {
            JsonObject entry = new JsonObject();
            entry.addProperty("node", node);
            entry.addProperty("reason", reason.text());
            floats.add(entry);
        });
        json.add("floatNodes", floats);
        return json;
    }
}
