package dev.glint.exporter.folder;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.glint.exporter.verify.Agreement;
import dev.glint.onnx.quantize.Decisions;
import dev.glint.onnx.quantize.Decisions.CorrectionTrial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The JSON form of what was chosen while a model was quantised: a part of a {@link Manifest}'s. */
final class DecisionsJson {
    private DecisionsJson() {}

    static JsonObject write(Decisions decisions) {
        JsonObject json = new JsonObject();
        json.addProperty("calibrator", decisions.calibrator());
        JsonObject calibrators = new JsonObject();
        decisions
                .calibratorDecibels()
                .forEach((name, decibels) ->
                        calibrators.addProperty(name, ManifestJson.rounded(Agreement.bounded(decibels))));
        json.add("calibratorDecibels", calibrators);
        JsonArray corrections = new JsonArray();
        for (CorrectionTrial trial : decisions.corrections()) {
            JsonObject entry = new JsonObject();
            entry.addProperty("correction", trial.correction());
            entry.addProperty("decibelsBefore", ManifestJson.rounded(Agreement.bounded(trial.decibelsBefore())));
            entry.addProperty("decibelsAfter", ManifestJson.rounded(Agreement.bounded(trial.decibelsAfter())));
            entry.addProperty("kept", trial.kept());
            corrections.add(entry);
        }
        json.add("corrections", corrections);
        decisions
                .decibels()
                .ifPresent(decibels -> json.addProperty("decibels", ManifestJson.rounded(Agreement.bounded(decibels))));
        return json;
    }

    static Decisions read(JsonObject json) {
        Map<String, Double> calibrators = new LinkedHashMap<>();
        ManifestJson.field(json, "calibratorDecibels")
                .getAsJsonObject()
                .asMap()
                .forEach((name, decibels) -> calibrators.put(name, ManifestJson.number(name, decibels)));
        List<CorrectionTrial> corrections = new ArrayList<>();
        for (JsonElement element : ManifestJson.field(json, "corrections").getAsJsonArray()) {
            JsonObject entry = element.getAsJsonObject();
            corrections.add(new CorrectionTrial(
                    ManifestJson.string(entry, "correction"),
                    ManifestJson.number(entry, "decibelsBefore"),
                    ManifestJson.number(entry, "decibelsAfter"),
                    ManifestJson.field(entry, "kept").getAsBoolean()));
        }
        return new Decisions(
                ManifestJson.string(json, "calibrator"),
                calibrators,
                corrections,
                json.has("decibels")
                        ? OptionalDouble.of(ManifestJson.number(json, "decibels"))
                        : OptionalDouble.empty());
    }
}
