package dev.glint.exporter.bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Reads what {@code classify bench --json} printed on a device, {@code glint.bench/1}. The file is not trusted. */
public final class DeviceJson {
    private static final String SCHEMA = "glint.bench/1";
    private static final int MAX_BYTES = 8 << 20;
    private static final int MAX_ENTRIES = 1000;

    private DeviceJson() {}

    /**
     * Reads a file.
     *
     * @throws GlintException ({@code INPUT}) naming it if it is none
     */
    public static BenchMachine read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException("more than " + MAX_BYTES + " bytes");
            }
            return parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.INPUT, file, "what classify bench --json prints", e);
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | ArithmeticException
                | UnsupportedOperationException
                | StackOverflowError e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no report of a device (" + e.getMessage() + ")",
                            "what classify bench --json prints, " + SCHEMA,
                            "measure there again")
                    .causedBy(e)
                    .about(file);
        }
    }

    private static BenchMachine parse(String text) {
        JsonObject json = JsonParser.parseString(text).getAsJsonObject();
        if (!text(json, "schema").equals(SCHEMA)) {
            throw new IllegalArgumentException("schema " + text(json, "schema"));
        }
        JsonObject machine = field(json, "machine").getAsJsonObject();
        String processor = text(machine, "processor");
        String name = machine.has("board") ? text(machine, "board") : processor;
        List<String> notes = new ArrayList<>();
        notes.add(number(machine, "processors") + " x " + processor + ", " + text(machine, "system") + ", classify "
                + text(json, "classify")
                + (json.has("onnxRuntime") ? ", ONNX Runtime " + text(json, "onnxRuntime") : "") + ".");
        if (field(json, "throttled").getAsBoolean()) {
            notes.add("The processor was slowed down for heat or voltage meanwhile.");
        }
        JsonObject recommendation = field(json, "recommendation").getAsJsonObject();
        notes.add("Best there is " + text(recommendation, "reason") + ".");
        List<BenchEntry> entries = new ArrayList<>();
        for (JsonElement variant : field(json, "variants").getAsJsonArray()) {
            if (entries.size() == MAX_ENTRIES) {
                throw new IllegalArgumentException("more than " + MAX_ENTRIES + " variants");
            }
            entries.add(entry(variant.getAsJsonObject(), json));
        }
        return new BenchMachine(name, notes, entries);
    }

    private static BenchEntry entry(JsonObject json, JsonObject report) {
        return new BenchEntry(
                text(json, "model"),
                text(json, "engine"),
                Math.toIntExact(number(report, "threads")),
                number(json, "bytes"),
                json.has("accuracy")
                        ? Optional.of(new Accuracy(
                                Math.toIntExact(number(json, "correct")), Math.toIntExact(number(json, "pictures"))))
                        : Optional.empty(),
                new Latency(
                        Math.toIntExact(number(report, "runs")),
                        number(json, "p50Nanos"),
                        number(json, "p95Nanos"),
                        number(json, "p99Nanos")),
                number(json, "firstInferenceNanos"),
                number(json, "sessionCreationNanos"),
                optional(json, "processNanos"),
                optional(json, "peakResidentBytes"),
                OptionalDouble.empty());
    }

    private static OptionalLong optional(JsonObject json, String name) {
        return json.has(name) ? OptionalLong.of(number(json, name)) : OptionalLong.empty();
    }

    private static long number(JsonObject json, String name) {
        try {
            return field(json, name).getAsBigDecimal().longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(name + " " + field(json, name));
        }
    }

    private static String text(JsonObject json, String name) {
        return field(json, name).getAsString();
    }

    private static JsonElement field(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return value;
    }
}
