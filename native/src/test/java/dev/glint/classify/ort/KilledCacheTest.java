package dev.glint.classify.ort;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.file.AtomicFolder;
import dev.glint.runtime.testing.KilledProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that a SIGKILL ends while it keeps optimised models: what is found later is whole. */
class KilledCacheTest {
    private static final int MODELS = 6;
    private static final int BYTES = 3_000_000;

    @TempDir
    private Path folder;

    /** Keeps some models, one after the other. */
    static final class Keeper {
        private Keeper() {}

        public static void main(String[] arguments) throws IOException, OrtFailure {
            Path home = Path.of(arguments[0]);
            for (int i = 0; i < MODELS; i++) {
                int number = i;
                models(home).add(model(home, i), file -> write(file, number));
            }
        }

        private static void write(Path file, int number) {
            try {
                Files.write(file, optimized(number));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static OptimizedModels models(Path home) throws IOException {
        return new OptimizedModels(
                home.resolve(".cache/glint"),
                FileIdentity.read(home).uid(),
                "1",
                Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));
    }

    private static Path model(Path home, int number) {
        return home.resolve(number + ".onnx");
    }

    private static byte[] optimized(int number) {
        byte[] bytes = new byte[BYTES];
        Arrays.fill(bytes, (byte) (number + 1));
        return bytes;
    }

    @Test
    void whatIsFoundIsWhole() throws IOException, InterruptedException {
        Path home = folder.resolve("home");
        KilledProcess process = new KilledProcess(Keeper.class, home);
        int found = 0;
        for (int i = 0; i < KilledProcess.KILLS; i++) {
            Files.createDirectory(home);
            for (int number = 0; number < MODELS; number++) {
                Files.writeString(model(home, number), "model " + number);
            }
            process.killWhile(home, i);
            found += assertWhole(home, process.toString());
            process.runToItsEnd();
            assertTrue(assertWhole(home, process + ", run again") == MODELS, process::toString);
            AtomicFolder.deleteTree(home);
        }
        System.out.println(process.summary() + ", with " + found + " models kept whole by then");
    }

    private static int assertWhole(Path home, String when) throws IOException {
        int found = 0;
        for (int number = 0; number < MODELS; number++) {
            Optional<Path> kept = models(home).find(model(home, number));
            if (kept.isPresent()) {
                assertArrayEquals(optimized(number), Files.readAllBytes(kept.get()), when);
                found++;
            }
        }
        return found;
    }
}
