package dev.glint.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java examples of the READMEs, compiled and run as they stand there, but for the path of the model. */
class ReadmeExampleTest {
    @TempDir
    Path folder;

    @Test
    void classifiesAPicture() throws Exception {
        Path source = example("README.md", "Example.java");
        Path picture = folder.resolve("blue.png");
        Files.write(picture, PngFile.of(new Image(1, 1, Image.Mode.RGB, new byte[] {0, 0, (byte) 255})));

        List<String> lines = run(source, picture);

        assertEquals(3, lines.size(), lines.toString());
        assertEquals("blue 0.965", lines.get(0));
    }

    @Test
    void takesPicturesInEveryWay() throws Exception {
        Path source = example("runtime/README.md", "WaysIn.java");
        Path picture = folder.resolve("green.png");
        Files.write(picture, PngFile.of(new Image(1, 1, Image.Mode.RGB, new byte[] {0, (byte) 255, 0})));

        List<String> lines = run(source, picture);

        assertEquals(List.of("file: green 0.965", "bytes: green 0.965", "stream: green 0.965"), lines.subList(0, 3));
        // Bytes of 0 are, as V and U, a deep green.
        assertEquals("camera: green", lines.get(3).substring(0, "camera: green".length()));
        assertEquals("batch: green 0.965", lines.get(4));
        assertEquals(5, lines.size());
    }

    private Path example(String document, String name) throws IOException {
        String readme = Files.readString(SharedData.projectRoot().resolve(document));
        int start = readme.indexOf("```java\n") + "```java\n".length();
        String example = readme.substring(start, readme.indexOf("```", start));
        assertTrue(example.contains("\"demo/model\""), "the example names the demo's model");
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        return Files.writeString(folder.resolve(name), example.replace("demo/model", model.toString()));
    }

    private List<String> run(Path source, Path picture) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString(),
                        picture.toString())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue());
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }
}
