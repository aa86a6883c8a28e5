package dev.glint.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SharedData;
import dev.glint.runtime.testing.TinyModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java example of the README, compiled and run as it stands there, but for the path of the model. */
class ReadmeExampleTest {
    @TempDir
    Path folder;

    @Test
    void classifiesAPicture() throws Exception {
        String readme = Files.readString(SharedData.projectRoot().resolve("README.md"));
        int start = readme.indexOf("```java\n") + "```java\n".length();
        String example = readme.substring(start, readme.indexOf("```", start));
        assertTrue(example.contains("\"demo/model\""), "the example names the demo's model");
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        Path source = folder.resolve("Example.java");
        Files.writeString(source, example.replace("demo/model", model.toString()));
        Path picture = folder.resolve("blue.png");
        Files.write(picture, PngFile.of(new Image(1, 1, Image.Mode.RGB, new byte[] {0, 0, (byte) 255})));

        List<String> lines = run(source, picture);

        assertEquals(3, lines.size(), lines.toString());
        assertEquals("blue 0.965", lines.get(0));
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
