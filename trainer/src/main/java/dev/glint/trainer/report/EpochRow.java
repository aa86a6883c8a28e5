package dev.glint.trainer.report;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An epoch as a run's {@code metrics.jsonl} tells of it; times in seconds, accuracies 0 to 1. */
record EpochRow(
        int epoch,
        double loss,
        double accuracy,
        double heldOutLoss,
        double heldOutAccuracy,
        double learningRate,
        double trainSeconds,
        double evaluateSeconds) {

    /**
     * Reads all epochs.
     *
     * @throws GlintException ({@code INPUT}) naming the line that is no epoch, or the file if it holds none
     */
    static List<EpochRow> read(Path file) throws IOException {
        List<EpochRow> rows = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            try {
                JsonObject json = JsonParser.parseString(line).getAsJsonObject();
                rows.add(new EpochRow(
                        json.get("epoch").getAsInt(),
                        json.get("loss").getAsDouble(),
                        json.get("accuracy").getAsDouble(),
                        json.get("heldOutLoss").getAsDouble(),
                        json.get("heldOutAccuracy").getAsDouble(),
                        json.get("learningRate").getAsDouble(),
                        json.get("trainSeconds").getAsDouble(),
                        json.get("evaluateSeconds").getAsDouble()));
            } catch (JsonParseException
                    | IllegalStateException
                    | NumberFormatException
                    | NullPointerException
                    | UnsupportedOperationException e) {
                throw invalid(file, "line " + number + " that is no epoch").causedBy(e);
            }
        }
        if (rows.isEmpty()) {
            throw invalid(file, "no epoch");
        }
        return List.copyOf(rows);
    }

    private static GlintException invalid(Path file, String found) {
        return GlintException.failure(Reason.INPUT, found, "a line of JSON per epoch", "fit the run again")
                .about(file);
    }

    double seconds() {
        return trainSeconds + evaluateSeconds;
    }
}
