package dev.glint.trainer.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Score;

/** The JSON form of an epoch's metrics, as {@code metrics.jsonl} and {@code trainer fit --json} have it. */
public final class EpochJson {
    private EpochJson() {}

    /** The object of one epoch. */
    public static JsonObject of(EpochMetrics epoch) {
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
        json.addProperty("heldOutPictures", epoch.heldOut().pictures());
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
                        field(json, "heldOutPictures").getAsInt(),
                        field(json, "heldOutCorrect").getAsInt(),
                        field(json, "heldOutLoss").getAsDouble()),
                field(json, "learningRate").getAsDouble(),
                Math.round(field(json, "trainSeconds").getAsDouble() * 1e9),
                Math.round(field(json, "evaluateSeconds").getAsDouble() * 1e9));
    }

    private static JsonElement field(JsonObject json, String name) {
        return RunConfig.field(json, name);
    }
}
