package dev.glint.classify.batch;

import com.google.gson.JsonObject;
import dev.glint.console.Output;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Prediction;

/** For programs that read line by line: a JSON object per picture, complete as soon as the picture is done. */
final class JsonLinesResults implements Results {
    private final Output out;

    JsonLinesResults(Output out) {
        this.out = out;
    }

    @Override
    public void add(String picture, Prediction prediction) {
        JsonObject json = line(picture);
        json.add("candidates", CandidateJson.candidates(prediction));
        print(json);
    }

    @Override
    public void addFailure(String picture, GlintException failure) {
        JsonObject json = line(picture);
        json.addProperty("error", failure.getMessage());
        print(json);
    }

    private static JsonObject line(String picture) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", "glint.picture/1");
        json.addProperty("file", picture);
        return json;
    }

    private void print(JsonObject json) {
        out.line(json);
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
