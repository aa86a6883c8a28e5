package dev.glint.exporter.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.Text;

/** The JSON form of a {@link BenchTable}: times in nanoseconds, what is not known left out. */
public final class BenchJson {
    private static final String SCHEMA = "glint.exporter.bench/1";

    private BenchJson() {}

    /** Writes it. */
    public static JsonObject write(BenchTable table) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("model", table.model());
        JsonArray machines = new JsonArray();
        for (BenchMachine machine : table.machines()) {
            JsonObject one = new JsonObject();
            one.addProperty("name", machine.name());
            JsonArray notes = new JsonArray();
            machine.notes().forEach(notes::add);
            one.add("notes", notes);
            JsonArray entries = new JsonArray();
            machine.entries().forEach(entry -> entries.add(entry(machine, entry)));
            one.add("variants", entries);
            machines.add(one);
        }
        json.add("machines", machines);
        return json;
    }

    private static JsonObject entry(BenchMachine machine, BenchEntry entry) {
        JsonObject json = new JsonObject();
        json.addProperty("model", entry.variant());
        json.addProperty("engine", entry.engine());
        json.addProperty("threads", entry.threads());
        json.addProperty("bytes", entry.bytes());
        entry.accuracy().ifPresent(accuracy -> {
            json.addProperty("accuracy", Text.rounded(accuracy.share(), 6));
            json.addProperty("correct", accuracy.correct());
            json.addProperty("pictures", accuracy.pictures());
        });
        machine.dropPoints(entry).ifPresent(drop -> json.addProperty("dropPoints", Text.rounded(drop, 4)));
        json.addProperty("runs", entry.latency().runs());
        json.addProperty("p50Nanos", entry.latency().p50Nanos());
        json.addProperty("p95Nanos", entry.latency().p95Nanos());
        json.addProperty("p99Nanos", entry.latency().p99Nanos());
        json.addProperty("firstInferenceNanos", entry.firstInferenceNanos());
        json.addProperty("sessionCreationNanos", entry.sessionCreationNanos());
        if (entry.processNanos().isPresent()) {
            json.addProperty("processNanos", entry.processNanos().getAsLong());
        }
        if (entry.peakResidentBytes().isPresent()) {
            json.addProperty("peakResidentBytes", entry.peakResidentBytes().getAsLong());
        }
        if (entry.microjoulesPerPicture().isPresent()) {
            json.addProperty(
                    "microjoulesPerPicture",
                    Text.rounded(entry.microjoulesPerPicture().getAsDouble(), 1));
        }
        return json;
    }
}
