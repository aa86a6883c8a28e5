package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native binary. */
class NativeClassifyIT extends ClassifyProcessContract {
    private static final Path DIST = SharedData.projectRoot().resolve("native/target/dist");
    private static final Path BINARY = DIST.resolve("classify");

    @TempDir
    private Path elsewhere;

    @BeforeAll
    static void requireBinary() {
        Assumptions.assumeTrue(
                Files.isExecutable(BINARY), "needs the native binary: build with GRAALVM_HOME in the environment");
    }

    @Override
    List<String> program(Path temporaryFolder) {
        return List.of(BINARY.toString(), "-Djava.io.tmpdir=" + temporaryFolder);
    }

    @Override
    Map<String, String> environment(Path temporaryFolder) {
        return Map.of();
    }

    @Test
    void nothingOfAwtIsInTheImage() throws IOException {
        try (Stream<Path> files = Files.walk(DIST)) {
            assertEquals(
                    List.of("LICENSE", "classify", "libonnxruntime.so", "libonnxruntime4j_jni.so"),
                    files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString())
                            .sorted()
                            .toList());
        }
        String image = new String(Files.readAllBytes(BINARY), StandardCharsets.ISO_8859_1);
        assertTrue(image.contains("dev.glint.runtime.Classifier"), "class names can be found");
        assertFalse(image.contains("java.awt.image.BufferedImage"));
        assertFalse(image.contains("javax.imageio.ImageIO"));
        assertFalse(image.contains("sun.awt."));
    }

    @Test
    void aLinkToTheBinaryFindsItsLibraries() throws IOException {
        Path link = Files.createSymbolicLink(elsewhere.resolve("classify"), BINARY);

        Run run = run(
                Map.of(), new byte[0], List.of(link.toString(), "--model", file("model"), "-k1", file("reddish.png")));

        run.assertPrints("red    0.7672\n");
    }

    @Test
    void aBinaryThatStandsAloneSaysSo() throws IOException {
        Path copy = Files.copy(BINARY, elsewhere.resolve("classify"));

        Run run = run(Map.of(), new byte[0], List.of(copy.toString(), "--model", file("model"), file("reddish.png")));

        run.assertFails(3, elsewhere.resolve("lib") + ": found no folder with ONNX Runtime's libraries");
    }

    @Test
    void theModelBesideTheBinaryIsTheDefault() throws IOException {
        Files.copy(BINARY, elsewhere.resolve("classify"));
        Files.createSymbolicLink(elsewhere.resolve("lib"), DIST.resolve("lib"));
        Files.createSymbolicLink(elsewhere.resolve("model"), Path.of(file("model")));

        Run run = run(
                Map.of(), new byte[0], List.of(elsewhere.resolve("classify").toString(), "-k1", file("reddish.png")));

        run.assertPrints("red    0.7672\n");
    }
}
