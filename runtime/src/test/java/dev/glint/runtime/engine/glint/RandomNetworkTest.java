package dev.glint.runtime.engine.glint;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.EngineComparison;
import dev.glint.runtime.testing.RandomNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that nobody designed, in both engines. */
class RandomNetworkTest {
    private static final int NETWORKS = 200;

    @TempDir
    private Path folder;

    @Test
    void floatsAreOnnxRuntimesToTheFifthDigit() throws IOException {
        int alive = 0;
        for (int seed = 0; seed < NETWORKS; seed++) {
            EngineComparison both = compare(seed, false);
            assertTrue(
                    both.difference() <= 1e-5 * both.largest(),
                    "network " + seed + ": " + both.difference() + " of " + both.largest());
            alive += both.largest() > 0 ? 1 : 0;
        }
        assertTrue(alive > 0.9 * NETWORKS, "outputs that are all zero compare nothing");
    }

    /** On ARM, ONNX Runtime adds bytes in fixed point, so that a step may be another one there. */
    @Test
    void integersAreOnnxRuntimes() throws IOException {
        boolean exact = System.getProperty("os.arch").equals("amd64");
        for (int seed = 0; seed < NETWORKS; seed++) {
            EngineComparison both = compare(seed, true);
            assertTrue(
                    both.difference() <= (exact ? 0 : 0.02) * both.largest(),
                    "network " + seed + ": " + both.difference() + " of " + both.largest());
        }
    }

    private EngineComparison compare(long seed, boolean integers) throws IOException {
        Path file = folder.resolve("network.onnx");
        Files.write(file, RandomNetwork.draw(seed, integers));
        return EngineComparison.run(file, seed % 3 == 0 ? 3 : 1, seed);
    }
}
