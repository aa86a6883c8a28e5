package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.testing.ProcessSamples;
import dev.glint.trainer.Trainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fit of many epochs takes no more of the system in the end than in the beginning; {@code -Dglint.flat=whole} fits 50 of 400 steps, as
 * many as an epoch of CIFAR-10 has: by the third Java has compiled what takes its compiler 10 MiB.
 */
class FlatFitTest {
    private static final boolean WHOLE = "whole".equals(System.getProperty("glint.flat"));
    private static final int EPOCHS = WHOLE ? 50 : 12;
    private static final String PICTURES = WHOLE ? "1600" : "200";
    private static final String BATCH = WHOLE ? "4" : "128";

    @TempDir
    private Path folder;

    @Test
    void fittingManyEpochs() throws IOException, InterruptedException {
        Path run = folder.resolve("run");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms128m",
                        "-Xmx128m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Trainer.class.getName(),
                        "fit",
                        "--model",
                        "bar-cnn",
                        "--limit",
                        PICTURES,
                        "--batch-size",
                        BATCH,
                        "--epochs",
                        Integer.toString(EPOCHS),
                        "--run",
                        run.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        // As bin/trainer starts it.
        builder.environment()
                .putAll(Map.of(
                        "OMP_WAIT_POLICY", "passive",
                        "MALLOC_ARENA_MAX", "1",
                        "MALLOC_MMAP_THRESHOLD_", "4294967296",
                        "MALLOC_TRIM_THRESHOLD_", "4294967296"));
        Process process = builder.start();
        try {
            ProcessSamples samples = new ProcessSamples(process.pid());
            int seen = 0;
            while (!process.waitFor(5, TimeUnit.MILLISECONDS)) {
                int epochs = epochs(run);
                if (epochs > seen && epochs < EPOCHS) {
                    seen = epochs;
                    samples.look();
                }
            }
            assertEquals(0, process.exitValue(), Files.readString(folder.resolve("out")));
            assertEquals(EPOCHS, epochs(run));
            samples.assertFlat(EPOCHS + " epochs of " + PICTURES + " pictures in batches of " + BATCH, WHOLE);
        } finally {
            process.destroyForcibly();
        }
    }

    private static int epochs(Path run) throws IOException {
        Path metrics = run.resolve(RunFolder.METRICS);
        return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
    }
}
