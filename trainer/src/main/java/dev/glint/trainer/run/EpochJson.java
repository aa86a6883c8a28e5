package dev.glint.trainer.run;

import com.google.gson.JsonObject;
import dev.glint.trainer.fit.EpochMetrics;

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
        return json;
    }
}
