package dev.glint.classify.batch;

import com.google.gson.JsonObject;
import dev.glint.console.JsonReport;
import dev.glint.console.Output;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Prediction;

/** For programs: one JSON object. */
final class JsonResults implements Results {
    private final JsonReport report;

    JsonResults(Output out, String model) {
        JsonObject head = new JsonObject();
        head.addProperty("schema", "glint.classify/1");
        head.addProperty("model", model);
        this.report = new JsonReport(out, head, "pictures");
    }

    @Override
    public void add(String picture, Prediction prediction) {
        JsonObject json = new JsonObject();
        json.addProperty("file", picture);
        json.add("candidates", CandidateJson.candidates(prediction));
        report.add(json);
    }

    @Override
    public void addFailure(String picture, GlintException failure) {
        report.addFailure(picture, failure);
    }

    @Override
    public void cutShort(Throwable failure) {
        report.cutShort(failure);
    }

    @Override
    public void close() {
        report.close();
    }
}
