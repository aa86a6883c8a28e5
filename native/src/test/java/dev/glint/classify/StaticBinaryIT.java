package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code native/static-binary} makes runs in a root that has nothing but it, a model and a picture: no C library of any kind. */
class StaticBinaryIT {
    private static final Path PROJECT = SharedData.projectRoot();
    private static final Path BINARY = PROJECT.resolve("native/target/static/classify");
    private static final Path MODEL = PROJECT.resolve("edge-samples/models/cifar10-small-vgg/int8.onnx");

    @TempDir
    private Path root;

    @BeforeEach
    void fillRoot() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(BINARY), "needs what native/static-binary makes");
        Files.copy(BINARY, root.resolve("classify"));
        Files.copy(MODEL, root.resolve("int8.onnx"));
        Files.write(root.resolve("red.png"), ClassifyFixture.png(200, 100, 50));
        Files.createDirectory(root.resolve("proc"));
        Run tried = inRoot("--version");
        Assumptions.assumeTrue(tried.exitCode() == 0, "needs a root of its own: " + tried.err());
    }

    @Test
    void itAnswersWithoutAnyLibrary() throws IOException, InterruptedException {
        Run here = ClassifyTest.inThisProcess(
                Map.of(),
                new byte[0],
                "--engine",
                "glint",
                "-m",
                MODEL.toString(),
                root.resolve("red.png").toString());

        inRoot("-m", "int8.onnx", "red.png").assertPrints(here.out());
    }

    @Test
    void itAnswersAsTheModelMust() throws IOException, InterruptedException {
        Run run = inRoot("selftest", "--engine", "glint", "int8.onnx");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("\nglint: 7 of 7 golden samples hold"), run.out());
    }

    @Test
    void itSaysThatOnnxRuntimeIsMissing() throws IOException, InterruptedException {
        inRoot("--engine", "ort", "-m", "int8.onnx", "red.png")
                .assertFails(3, "/lib: found no folder with ONNX Runtime's libraries");
    }

    private Run inRoot(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "--pid",
                "--fork",
                "--mount-proc=" + root.resolve("proc"),
                "chroot",
                root.toString(),
                "/classify"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("out", ".txt");
        Path err = Files.createTempFile("err", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            return new Run(
                    process.waitFor(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new Run(127, "", "no unshare");
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
