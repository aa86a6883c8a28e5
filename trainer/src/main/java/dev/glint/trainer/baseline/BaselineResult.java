package dev.glint.trainer.baseline;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.TextFile;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a baseline reached.
 *
 * @param name such as {@code hog-svm}
 * @param data the specification of its data set
 * @param seed of synthetic pictures, splits and the fit
 * @param trainPictures how many it was fitted to
 * @param heldOutPictures how many it was judged by, as a finished model: {@link DataSplit#test}
 * @param correct how many of them it got right
 * @param seconds wall time of fitting
 * @param settings what else decided it, name to value
 */
public record BaselineResult(
        String name,
        String data,
        long seed,
        int trainPictures,
        int heldOutPictures,
        int correct,
        double seconds,
        Map<String, String> settings) {

    private static final String SCHEMA = "glint.trainer.baseline/1";

    public BaselineResult {
        if (heldOutPictures < 1 || correct < 0 || correct > heldOutPictures || trainPictures < 1) {
            throw new IllegalArgumentException(correct + " of " + heldOutPictures);
        }
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Correct pictures among all, 0 to 1. */
    public double accuracy() {
        return (double) correct / heldOutPictures;
    }

    /** Whether a run was judged by the same pictures. */
    public boolean comparableTo(RunConfig run, DataSplit runData) {
        return sameData(run)
                && heldOutPictures == runData.test().size()
                && (seed == run.seed() || !run.pictures().isDrawnBySeed());
    }

    /** Whether it is of the data set of a run, if not of the same pictures. */
    public boolean sameData(RunConfig run) {
        return data.equals(run.data().toString());
    }

    /** The JSON form. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("name", name);
        json.addProperty("data", data);
        json.addProperty("seed", seed);
        json.addProperty("trainPictures", trainPictures);
        json.addProperty("heldOutPictures", heldOutPictures);
        json.addProperty("correct", correct);
        json.addProperty("accuracy", accuracy());
        json.addProperty("seconds", seconds);
        JsonObject decided = new JsonObject();
        settings.forEach(decided::addProperty);
        json.add("settings", decided);
        return json;
    }

    /** Writes it into the baseline's folder. */
    public void write(Path folder) throws IOException {
        String json = new GsonBuilder().setPrettyPrinting().create().toJson(toJson());
        AtomicFile.write(folder.resolve(RunFolder.BASELINE), json + "\n");
    }

    /**
     * Reads it from a baseline's folder.
     *
     * @throws GlintException ({@code INPUT}) naming the file if it is no such result
     */
    public static BaselineResult read(Path folder) throws IOException {
        Path file = folder.resolve(RunFolder.BASELINE);
        try {
            JsonObject json = JsonParser.parseString(TextFile.read(file, Reason.INPUT, SCHEMA))
                    .getAsJsonObject();
            if (!json.get("schema").getAsString().equals(SCHEMA)) {
                throw new IllegalArgumentException("schema " + json.get("schema"));
            }
            Map<String, String> settings = new LinkedHashMap<>();
            json.getAsJsonObject("settings").asMap().forEach((name, value) -> settings.put(name, value.getAsString()));
            return new BaselineResult(
                    json.get("name").getAsString(),
                    json.get("data").getAsString(),
                    json.get("seed").getAsLong(),
                    json.get("trainPictures").getAsInt(),
                    json.get("heldOutPictures").getAsInt(),
                    json.get("correct").getAsInt(),
                    json.get("seconds").getAsDouble(),
                    settings);
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | NullPointerException
                | ClassCastException
                | UnsupportedOperationException e) {
            throw GlintException.failure(
                            Reason.INPUT, "no result of a baseline", SCHEMA, "remove it, or run the baseline again")
                    .causedBy(e)
                    .about(file);
        }
    }

    /**
     * The results in the folders beside a run, in the order of the folders' names.
     *
     * @param notes is told about each file that is no such result, a line each
     */
    public static List<BaselineResult> beside(Path run, Consumer<String> notes) throws IOException {
        Path itself = run.toAbsolutePath().normalize();
        Path parent = itself.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return List.of();
        }
        List<BaselineResult> results = new ArrayList<>();
        try (Stream<Path> folders = Files.list(parent)) {
            for (Path folder : folders.sorted().toList()) {
                if (!folder.equals(itself) && Files.isRegularFile(folder.resolve(RunFolder.BASELINE))) {
                    try {
                        results.add(read(folder));
                    } catch (GlintException | IOException e) {
                        notes.accept("a baseline is not shown: " + e.getMessage());
                    }
                }
            }
        }
        return results;
    }
}
