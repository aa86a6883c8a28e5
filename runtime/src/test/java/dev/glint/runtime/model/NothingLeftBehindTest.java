package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Classifying writes nothing: no telemetry, no cache, no log. ONNX Runtime from 1.29 on would leave a device id and a
 * database in the user's cache and a log file in the temporary folder.
 */
class NothingLeftBehindTest {
    @TempDir
    Path folder;

    /** Runs in a process of its own. */
    public static final class Classify {
        private Classify() {}

        public static void main(String[] args) {
            try (Classifier classifier = Classifier.open(Path.of(args[0]))) {
                System.out.print(
                        classifier.classify(Path.of(args[1]), 1).candidates().size());
            }
        }
    }

    @Test
    void homeAndTemporaryFolderStayEmpty() throws IOException, InterruptedException {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        Path picture = folder.resolve("picture.png");
        Files.write(picture, PngFile.of(SyntheticPictures.noise(9, 9, Image.Mode.RGB)));
        Path home = Files.createDirectory(folder.resolve("home"));
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path work = Files.createDirectory(folder.resolve("work"));
        Path output = folder.resolve("output");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-Duser.home=" + home,
                        "-XX:-UsePerfData",
                        "-cp",
                        classPath,
                        Classify.class.getName(),
                        model.toString(),
                        picture.toString())
                .directory(work.toFile())
                .redirectOutput(output.toFile());
        Map<String, String> environment = process.environment();
        environment.keySet().removeIf(name -> name.startsWith("XDG_") || name.startsWith("JAVA_TOOL"));
        environment.putAll(Map.of("HOME", home.toString(), "TMPDIR", temporary.toString()));
        Process running = process.start();
        assertEquals(true, running.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, running.exitValue());
        assertEquals("1", Files.readString(output));
        for (Path empty : List.of(home, temporary, work)) {
            try (Stream<Path> files = Files.walk(empty)) {
                assertEquals(
                        List.of(empty),
                        files.filter(file -> !isUnpackingFolder(file)).toList());
            }
        }
    }

    /**
     * Without {@code onnxruntime.native.path}, which the classify command sets, ONNX Runtime unpacks its libraries and
     * on exit removes them but not their folder.
     */
    private static boolean isUnpackingFolder(Path file) {
        return Files.isDirectory(file) && file.getFileName().toString().startsWith("onnxruntime-java");
    }
}
