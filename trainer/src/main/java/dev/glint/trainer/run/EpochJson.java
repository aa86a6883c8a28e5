package dev.glint.trainer.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.TextFile;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Score;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The JSON form of an epoch's metrics, as {@code metrics.jsonl} and {@code trainer fit --json} have it. */
public final class EpochJson {
    private static final String HELD_OUT_PICTURES = "heldOutPictures";

    private EpochJson() {}

    /** The object of one epoch. */
    public static JsonObject toJson(EpochMetrics epoch) {
        JsonObject json = new JsonObject();
        json.addProperty("epoch", epoch.epoch());
        json.addProperty("loss", epoch.train().loss());
        json.addProperty("accuracy", epoch.train().accuracy());
        json.addProperty("heldOutLoss", epoch.heldOut().loss());
        json.addProperty("heldOutAccuracy", epoch.heldOut().accuracy());
        json.addProperty("learningRate", epoch.learningRate());
        json.addProperty("trainSeconds", epoch.trainNanos() / 1e9);
        json.addProperty("evaluateSeconds", epoch.evaluateNanos() / 1e9);
        json.addProperty("pictures", epoch.train().pictures());
        json.addProperty("correct", epoch.train().correct());
        json.addProperty(HELD_OUT_PICTURES, epoch.heldOut().pictures());
        json.addProperty("heldOutCorrect", epoch.heldOut().correct());
        return json;
    }

    /**
     * The epoch of an object, whose own object is the same again.
     *
     * @throws RuntimeException if a field is missing or makes no sense
     */
    static EpochMetrics read(JsonObject json) {
        return new EpochMetrics(
                field(json, "epoch").getAsInt(),
                new Score(
                        field(json, "pictures").getAsInt(),
                        field(json, "correct").getAsInt(),
                        field(json, "loss").getAsDouble()),
                new Score(
                        field(json, HELD_OUT_PICTURES).getAsInt(),
                        field(json, "heldOutCorrect").getAsInt(),
                        field(json, "heldOutLoss").getAsDouble()),
                field(json, "learningRate").getAsDouble(),
                Math.round(field(json, "trainSeconds").getAsDouble() * 1e9),
                Math.round(field(json, "evaluateSeconds").getAsDouble() * 1e9));
    }

    /**
     * Reads the epochs of {@code metrics.jsonl}.
     *
     * @throws GlintException ({@code INPUT}) naming the line that is no epoch, or the file if it holds none
     */
    static List<EpochMetrics> readLines(Path file) {
        return epochs(file, text(file));
    }

    private static List<EpochMetrics> epochs(Path file, String text) {
        List<EpochMetrics> epochs = new ArrayList<>();
        for (String line : text.lines().toList()) {
            try {
                epochs.add(read(JsonParser.parseString(line).getAsJsonObject()));
            } catch (JsonParseException
                    | IllegalArgumentException
                    | IllegalStateException
                    | UnsupportedOperationException e) {
                throw invalid(file, "line " + (epochs.size() + 1) + " that is no epoch")
                        .causedBy(e);
            }
        }
        if (epochs.isEmpty()) {
            throw invalid(file, "no epoch");
        }
        return List.copyOf(epochs);
    }

    /** The first epoch of {@code metrics.jsonl}; empty without that file, and in one of runs from before pictures were counted. */
    static Optional<EpochMetrics> first(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = text(file);
        return text.contains(HELD_OUT_PICTURES) ? Optional.of(epochs(file, text).get(0)) : Optional.empty();
    }

    private static String text(Path file) {
        return TextFile.read(file, Reason.INPUT, "a line of JSON per epoch");
    }

    private static GlintException invalid(Path file, String found) {
        return GlintException.failure(Reason.INPUT, found, "a line of JSON per epoch", "fit the run again")
                .about(file);
    }

    private static JsonElement field(JsonObject json, String name) {
        return RunConfig.field(json, name);
    }
}
