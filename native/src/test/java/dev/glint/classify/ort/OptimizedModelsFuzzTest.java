package dev.glint.classify.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a key of the cache holds, it leads to a file of the cache or to none. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl native -am test -Dtest='OptimizedModelsFuzzTest#key' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class OptimizedModelsFuzzTest {
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));

    static Stream<byte[]> seeds() {
        return Stream.of("a.ort\n1 2 3 4\n", "../a.ort\n1 2 3 4\n", "\n", "\0.ort\n\n")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void key(byte[] data) throws IOException, OrtFailure {
        Path home = Files.createTempDirectory("home");
        try {
            Path model = Files.writeString(home.resolve("fp32.onnx"), "a model");
            Path cache = home.resolve(".cache/glint");
            OptimizedModels models =
                    new OptimizedModels(cache, FileIdentity.read(home).uid(), "1", LATER);
            models.add(model, OptimizedModelsFuzzTest::write);
            Path key = files(cache).stream()
                    .filter(file -> file.toString().endsWith(".key"))
                    .findFirst()
                    .orElseThrow();
            Files.write(key, data);
            Optional<Path> found = models.find(model);
            found.ifPresent(file -> assertEquals(cache, file.getParent()));
        } finally {
            files(home).stream()
                    .sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private static void write(Path file) throws OrtFailure {
        try {
            Files.writeString(file, "optimised");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }
}
