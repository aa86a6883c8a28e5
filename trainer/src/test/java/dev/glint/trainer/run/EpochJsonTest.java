package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochJsonTest {
    @TempDir
    Path folder;

    private static EpochMetrics epoch(int number, int correct, double heldOutLoss) {
        return new EpochMetrics(number, new Score(8, 4, 0.5), new Score(4, correct, heldOutLoss), 0.1, 2_000, 1_000);
    }

    @Test
    void epochsAreReadAsTheyWereWritten() throws IOException {
        List<EpochMetrics> epochs = List.of(epoch(1, 2, 0.25), epoch(2, 3, Double.NaN));
        Path metrics = folder.resolve("metrics.jsonl");
        Files.write(
                metrics,
                epochs.stream().map(epoch -> EpochJson.toJson(epoch).toString()).toList());
        assertEquals(epochs, EpochJson.readLines(metrics));
    }

    @Test
    void brokenMetricsAreNamed() throws IOException {
        Path metrics = folder.resolve("metrics.jsonl");
        Files.writeString(metrics, EpochJson.toJson(epoch(1, 2, 0.25)) + "\n{\"epoch\":2}\n");
        GlintException failure = assertThrows(GlintException.class, () -> EpochJson.readLines(metrics));
        assertTrue(failure.getMessage().contains("metrics.jsonl: found line 2"), failure.getMessage());
        Files.writeString(metrics, "");
        assertThrows(GlintException.class, () -> EpochJson.readLines(metrics));
    }

    @Test
    void ofEpochsThatAreEquallyRightTheSurestIsTheBest() {
        assertEquals(
                3,
                EpochMetrics.best(List.of(epoch(1, 2, 0.1), epoch(2, 3, 0.5), epoch(3, 3, 0.4), epoch(4, 3, 0.4)))
                        .epoch());
        assertEquals(
                1,
                EpochMetrics.best(List.of(epoch(1, 3, 0.5), epoch(2, 3, Double.NaN), epoch(3, 3, 0.6)))
                        .epoch());
    }
}
