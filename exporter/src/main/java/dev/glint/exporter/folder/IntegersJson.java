package dev.glint.exporter.folder;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.glint.exporter.folder.Variant.Integers;
import dev.glint.exporter.verify.IntegerCoverage;
import dev.glint.exporter.verify.IntegerCoverage.Share;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON form of what is computed in integers: a part of a {@link Manifest}'s. */
final class IntegersJson {
    private IntegersJson() {}

    static JsonObject write(Integers integers) {
        JsonObject json = integers.coverage().toJson();
        JsonArray floats = new JsonArray();
        integers.floatNodes().forEach((reason, nodes) -> {
            JsonObject entry = new JsonObject();
            entry.addProperty("reason", reason);
            JsonArray names = new JsonArray();
            nodes.forEach(names::add);
            entry.add("nodes", names);
            floats.add(entry);
        });
        json.add("floatNodes", floats);
        return json;
    }

    static Integers read(JsonObject json) {
        Map<String, List<String>> floats = new LinkedHashMap<>();
        for (JsonElement entry : ManifestJson.field(json, "floatNodes").getAsJsonArray()) {
            List<String> names = new ArrayList<>();
            ManifestJson.field(entry.getAsJsonObject(), "nodes")
                    .getAsJsonArray()
                    .forEach(name -> names.add(name.getAsString()));
            floats.put(ManifestJson.string(entry.getAsJsonObject(), "reason"), names);
        }
        IntegerCoverage coverage = new IntegerCoverage(
                readShare(json, "nodes"),
                readShare(json, "weights"),
                readShare(json, "multiplyAdds"),
                ManifestJson.field(json, "conversions").getAsInt());
        return new Integers(coverage, floats);
    }

    private static Share readShare(JsonObject json, String name) {
        JsonObject share = ManifestJson.field(json, name).getAsJsonObject();
        return new Share(
                ManifestJson.field(share, "integers").getAsLong(),
                ManifestJson.field(share, "total").getAsLong());
    }
}
