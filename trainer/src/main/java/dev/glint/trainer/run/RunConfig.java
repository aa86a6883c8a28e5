package dev.glint.trainer.run;

import ai.djl.Device;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.contract.DecodeRule;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.data.Normalization;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.engine.DeviceChoice;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.weights.PretrainedWeights;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides a run, resolved: the same configuration on the same machine gives the same weights, bit
 * for bit on a CPU.
 *
 * @param model the architecture
 * @param pictures what it is fitted to and judged by; their seed drives all other randomness too
 * @param weights what it begins with instead of random weights; null for those
 * @param floatRun the weights of the run that it goes on from with the roundings of integers in the network; null for a
 *     fit in floats
 * @param recipe how it is fitted
 * @param threads of the engine; sums round differently with another number
 * @param device what the network is fitted on; its weights are at home everywhere
 * @param versions of what was used, name to version, for the record
 */
public record RunConfig(
        Architecture model,
        PictureSelection pictures,
        @Nullable PretrainedWeights weights,
        @Nullable PretrainedWeights floatRun,
        Recipe recipe,
        int threads,
        Device device,
        Map<String, String> versions) {

    /** The version of the JSON form. */
    public static final int SCHEMA_VERSION = 1;

    private static final String NAMES = "pictureNamesSha256";

    public RunConfig {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads");
        }
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }

    /** A run from random weights, on the CPU. */
    public static RunConfig fromScratch(
            Architecture model, PictureSelection pictures, Recipe recipe, int threads, Map<String, String> versions) {
        return new RunConfig(model, pictures, null, null, recipe, threads, Device.cpu(), versions);
    }

    /** The same from other weights. */
    public RunConfig withWeights(PretrainedWeights newWeights) {
        return new RunConfig(model, pictures, newWeights, floatRun, recipe, threads, device, versions);
    }

    /** The same from a float run, with the roundings of integers in the network, as its recipe is usual for that. */
    public RunConfig quantizationAware(PretrainedWeights bestOfFloatRun) {
        return new RunConfig(
                model, pictures, null, bestOfFloatRun, recipe.quantizationAware(), threads, device, versions);
    }

    /** The same on a device. */
    public RunConfig onDevice(Device newDevice) {
        return new RunConfig(model, pictures, weights, floatRun, recipe, threads, newDevice, versions);
    }

    /** The same with other versions. */
    public RunConfig withVersions(Map<String, String> newVersions) {
        return new RunConfig(model, pictures, weights, floatRun, recipe, threads, device, newVersions);
    }

    /** The same, with pictures that were opened. */
    RunConfig withNamesOf(DataSplit opened) {
        return new RunConfig(model, pictures.withNamesOf(opened), weights, floatRun, recipe, threads, device, versions);
    }

    /** The data set. */
    public DataSpec data() {
        return pictures.spec();
    }

    /** Drives all randomness. */
    public long seed() {
        return pictures.seed();
    }

    /** Opens the pictures of the run, no more of each part than its limit. */
    public DataSplit openData() {
        return openData(note -> {});
    }

    /**
     * The same.
     *
     * @param notes is told about each file or part that is left out, a line each
     */
    public DataSplit openData(Consumer<String> notes) {
        return pictures.open(notes);
    }

    /** What the pictures go through before the model sees them. */
    public PreprocessContract contract(DataSplit split) {
        return pictures.contract(model.input(), split);
    }

    /** The JSON form, a field a line. */
    public String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA_VERSION);
        json.addProperty("model", model.id());
        json.addProperty("data", data().toString());
        DataOptions options = pictures.options();
        json.addProperty("limit", pictures.limit());
        json.addProperty("validation", options.validation());
        json.addProperty("skipBroken", options.skipBroken());
        json.addProperty("classWeights", options.classWeights());
        json.addProperty("size", options.size());
        json.addProperty("normalize", options.normalization().toString());
        json.addProperty("decode", options.decode().name().toLowerCase(Locale.ROOT));
        json.addProperty(NAMES, pictures.namesSha256());
        json.add("weights", json(weights));
        json.add("floatRun", json(floatRun));
        json.addProperty("seed", seed());
        json.add("recipe", RecipeJson.write(recipe));
        json.addProperty("threads", threads);
        json.addProperty("device", DeviceChoice.text(device));
        JsonObject used = new JsonObject();
        versions.forEach(used::addProperty);
        json.add("versions", used);
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .serializeNulls()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(json) + "\n";
    }

    /**
     * Reads the JSON form.
     *
     * @throws GlintException ({@code INPUT}) if it is no JSON, of another schema version, or incomplete
     */
    public static RunConfig fromJson(String text) {
        try {
            JsonObject json = JsonParser.parseString(text).getAsJsonObject();
            int schema = field(json, "schema").getAsInt();
            if (schema != SCHEMA_VERSION) {
                throw new IllegalArgumentException("schema " + schema);
            }
            Map<String, String> versions = new LinkedHashMap<>();
            field(json, "versions").getAsJsonObject().asMap().forEach((k, v) -> versions.put(k, v.getAsString()));
            return new RunConfig(
                    Architecture.named(field(json, "model").getAsString()),
                    new PictureSelection(
                            DataSpec.parse(field(json, "data").getAsString()),
                            integer(json, "limit"),
                            options(json),
                            field(json, "seed").getAsLong(),
                            text(json, NAMES)),
                    weights(json, "weights"),
                    weights(json, "floatRun"),
                    RecipeJson.read(field(json, "recipe").getAsJsonObject()),
                    field(json, "threads").getAsInt(),
                    device(json),
                    versions);
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException
                | GlintException e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "an invalid configuration (" + e.getMessage() + ")",
                            "that of a run, schema " + SCHEMA_VERSION,
                            "fit the run again")
                    .causedBy(e);
        }
    }

    private static DataOptions options(JsonObject json) {
        return new DataOptions(
                field(json, "validation").getAsDouble(),
                field(json, "skipBroken").getAsBoolean(),
                field(json, "classWeights").getAsBoolean(),
                integer(json, "size"),
                Normalization.parse(field(json, "normalize").getAsString()),
                decode(json));
    }

    /** Runs from before there was a choice decoded all pixels. */
    private static DecodeRule decode(JsonObject json) {
        JsonElement text = json.get("decode");
        if (text == null) {
            return DecodeRule.FULL;
        }
        for (DecodeRule rule : DecodeRule.values()) {
            if (rule.name().toLowerCase(Locale.ROOT).equals(text.getAsString())) {
                return rule;
            }
        }
        throw new IllegalArgumentException("decode " + text);
    }

    private static Device device(JsonObject json) {
        JsonElement text = json.get("device");
        if (text == null) {
            // As it was written when there were only CPUs.
            return Device.cpu();
        }
        DeviceChoice choice = DeviceChoice.parse(text.getAsString());
        if (!DeviceChoice.text(choice.device()).equals(text.getAsString())) {
            throw new IllegalArgumentException("the device " + text);
        }
        return choice.device();
    }

    /** None in runs from before there could be any. */
    private static @Nullable PretrainedWeights weights(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return value == null || value.isJsonNull()
                ? null
                : new PretrainedWeights(
                        Path.of(field(value.getAsJsonObject(), "file").getAsString()),
                        field(value.getAsJsonObject(), "sha256").getAsString());
    }

    private static JsonElement json(@Nullable PretrainedWeights weights) {
        if (weights == null) {
            return JsonNull.INSTANCE;
        }
        JsonObject json = new JsonObject();
        json.addProperty("file", weights.file().toString());
        json.addProperty("sha256", weights.sha256());
        return json;
    }

    private static @Nullable Integer integer(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return value == null || value.isJsonNull() ? null : value.getAsInt();
    }

    private static @Nullable String text(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return value == null || value.isJsonNull() ? null : value.getAsString();
    }

    /** A field that must be there. */
    static JsonElement field(JsonObject json, String name) {
        JsonElement value = json.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name);
        }
        return value;
    }
}
