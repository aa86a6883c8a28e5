package dev.glint.exporter.folder;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.exporter.adopt.EqualityProof;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The JSON form of where an imported model came from: a part of a {@link Manifest}'s. */
final class OriginJson {
    private static final MathContext DIGITS = new MathContext(6);

    private OriginJson() {}

    static JsonObject write(Origin origin) {
        JsonObject json = new JsonObject();
        json.addProperty("file", origin.file());
        json.addProperty("sha256", origin.sha256());
        json.addProperty("producer", origin.producer());
        json.addProperty("operatorSet", origin.operatorSet());
        JsonArray steps = new JsonArray();
        origin.steps().forEach(steps::add);
        json.add("steps", steps);
        json.addProperty("nodesBefore", origin.nodesBefore());
        json.addProperty("nodesAfter", origin.nodesAfter());
        json.add("proof", proof(origin.proof()));
        return json;
    }

    private static JsonObject proof(EqualityProof proof) {
        JsonObject json = new JsonObject();
        json.addProperty("randomTensors", proof.randomTensors());
        json.addProperty("pictures", proof.pictures());
        json.addProperty("largestDifference", rounded(proof.largestDifference()));
        json.addProperty("largestAnswer", rounded(proof.largestAnswer()));
        json.addProperty("tolerance", rounded(proof.tolerance()));
        return json;
    }

    /** Doubles print differently from one JDK to the next; decimals do not. */
    private static BigDecimal rounded(double value) {
        return new BigDecimal(value, DIGITS).stripTrailingZeros();
    }

    static Origin read(JsonObject json) {
        List<String> steps = new ArrayList<>();
        ManifestJson.field(json, "steps").getAsJsonArray().forEach(step -> steps.add(step.getAsString()));
        JsonObject proof = ManifestJson.field(json, "proof").getAsJsonObject();
        return new Origin(
                ManifestJson.string(json, "file"),
                ManifestJson.string(json, "sha256"),
                ManifestJson.string(json, "producer"),
                ManifestJson.field(json, "operatorSet").getAsLong(),
                steps,
                ManifestJson.field(json, "nodesBefore").getAsInt(),
                ManifestJson.field(json, "nodesAfter").getAsInt(),
                new EqualityProof(
                        ManifestJson.field(proof, "randomTensors").getAsInt(),
                        ManifestJson.field(proof, "pictures").getAsInt(),
                        ManifestJson.number(proof, "largestDifference"),
                        ManifestJson.number(proof, "largestAnswer"),
                        ManifestJson.number(proof, "tolerance")));
    }
}
