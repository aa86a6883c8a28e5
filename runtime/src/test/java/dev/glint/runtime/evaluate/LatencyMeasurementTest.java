package dev.glint.runtime.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.evaluate.LatencyMeasurement.ColdStart;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyMeasurementTest {
    private static final Image PICTURE = new Image(2, 1, Image.Mode.GRAY, new byte[] {1, 2});

    @TempDir
    private Path folder;

    @Test
    void everyClassifierRunsAsOftenAsAskedFor() throws IOException {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        AtomicInteger calls = new AtomicInteger();
        try (Classifier one = Classifier.open(model);
                Classifier two = Classifier.open(model)) {
            // Neither is a multiple of the length of a turn.
            List<Latency> latencies =
                    new LatencyMeasurement(3, 25).measure(List.of(one, two), PICTURE, calls::incrementAndGet);

            assertEquals(2, latencies.size());
            assertEquals(2 * (3 + 25), calls.get());
            for (Latency latency : latencies) {
                assertEquals(25, latency.runs());
                // A run that was left out would count as 0.
                assertTrue(latency.p50Nanos() > 0);
            }
        }
    }

    @Test
    void aLimitThatIsReachedLeavesOneRun() throws IOException {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        AtomicInteger calls = new AtomicInteger();
        try (Classifier one = Classifier.open(model);
                Classifier two = Classifier.open(model)) {
            List<Latency> latencies =
                    new LatencyMeasurement(20, 200, 0, 0).measure(List.of(one, two), PICTURE, calls::incrementAndGet);

            assertEquals(1, latencies.get(0).runs());
            assertEquals(1, latencies.get(1).runs());
            assertEquals(2 * (1 + 1), calls.get());
            assertTrue(latencies.get(0).p50Nanos() > 0);
        }
    }

    @Test
    void mediansThatAreKnownWellEnoughEndIt() throws IOException {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        AtomicInteger calls = new AtomicInteger();
        try (Classifier one = Classifier.open(model)) {
            // Anything is within a thousand times the median, as soon as there are runs enough.
            Latency latency = new LatencyMeasurement(0, 200, 5, 1000)
                    .measure(List.of(one), PICTURE, calls::incrementAndGet)
                    .get(0);
            Latency exact = new LatencyMeasurement(0, 200, Long.MAX_VALUE, 0)
                    .measure(List.of(one), PICTURE, calls::incrementAndGet)
                    .get(0);

            assertTrue(latency.runs() < 200, latency.runs() + " runs");
            assertEquals(200, exact.runs());
        }
    }

    @Test
    void aColdStartIsMoreThanNothing() throws IOException {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));

        ColdStart start = LatencyMeasurement.coldStart(model, Model.Options.defaults(), contract -> PICTURE);

        assertTrue(start.sessionCreationNanos() > 0);
        assertTrue(start.firstInferenceNanos() > 0);
    }
}
