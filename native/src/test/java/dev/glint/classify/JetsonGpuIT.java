package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample {@code jetson-gpu} where there is no GPU: what it refuses, and what it falls back to. */
class JetsonGpuIT {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeModelAndPictures() throws IOException {
        TinyModel.write(folder.resolve("int8.onnx"));
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Files.write(pictures.resolve("1.png"), ClassifyContract.png(200, 100, 50));
        Files.write(pictures.resolve("2.png"), ClassifyContract.png(10, 20, 30));
    }

    private Run classify(Map<String, String> environment, String... folders) throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("GLINT_MODEL", folder.resolve("int8.onnx").toString());
        String[] command = new String[folders.length + 1];
        command[0] = Sample.file("jetson-gpu/classify-folder");
        System.arraycopy(folders, 0, command, 1, folders.length);
        return new Sample(folder).run(all, command);
    }

    private String pictures() {
        return folder.resolve("pictures").toString();
    }

    @Test
    void autoFallsBackAndSaysSoOnce() throws IOException, InterruptedException {
        Run run = classify(Map.of(), pictures());

        assertEquals(0, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(2, lines.size(), run.out());
        assertEquals(
                "red",
                JsonParser.parseString(lines.get(0))
                        .getAsJsonObject()
                        .getAsJsonArray("candidates")
                        .get(0)
                        .getAsJsonObject()
                        .get("label")
                        .getAsString());
        List<String> said = run.err().lines().toList();
        assertTrue(said.get(0).startsWith("board: "), run.err());
        assertTrue(said.get(1).startsWith("note: --provider auto is cpu: ONNX Runtime "), run.err());
        assertTrue(said.get(1).endsWith(" has no cuda"), run.err());
        assertEquals("provider: cpu", said.get(2));
        assertTrue(said.get(3).matches("variant .* p50 .*"), run.err());
        assertTrue(said.get(4).matches("int8.onnx +[0-9].*"), run.err());
        assertEquals(1, said.stream().filter(line -> line.contains("auto is")).count(), run.err());
    }

    @Test
    void aNamedProviderThatIsMissingEndsIt() throws IOException, InterruptedException {
        for (String provider : List.of("cuda", "tensorrt")) {
            Run run = classify(Map.of("PROVIDER", provider), pictures());

            assertEquals(4, run.exitCode());
            assertEquals("", run.out());
            assertEquals(2, run.err().lines().count(), run.err());
            assertTrue(
                    run.err().contains("with the providers cpu, expected one with " + provider + "; name the folder"),
                    run.err());
        }
    }

    @Test
    void anOnnxRuntimeWithoutItsPartsIsNamedBeforeAnythingIsOpened() throws IOException, InterruptedException {
        Path libraries = Files.createDirectory(folder.resolve("libraries"));
        Map<String, String> environment =
                new HashMap<>(Map.of("ORT_LIB", libraries.toString(), "PROVIDER", "tensorrt"));

        classify(environment, pictures()).assertFails(4, libraries + ": found no libonnxruntime.so, expected");
        Files.writeString(libraries.resolve("libonnxruntime.so"), "no library");
        classify(environment, pictures())
                .assertFails(4, libraries + ": found no libonnxruntime_providers_tensorrt.so, expected");

        environment.put("PROVIDER", "auto");
        Run run = classify(environment, pictures());
        assertEquals("", run.out());
        assertTrue(run.err().contains(libraries + ": found "), run.err());
        assertTrue(run.exitCode() == 3 || run.exitCode() == 4, run.err());
    }

    @Test
    void misuseIsSaidInOneLine() throws IOException, InterruptedException {
        classify(Map.of()).assertFails(2, "found 0 arguments, expected a folder");
        classify(Map.of("PROVIDER", "gpu"), pictures())
                .assertFails(2, "PROVIDER: found gpu, expected tensorrt, cuda or auto");
        classify(Map.of(), "/nowhere").assertFails(3, "/nowhere: found no folder");
        classify(Map.of("CLASSIFY", "/nowhere/classify"), pictures())
                .assertFails(3, "/nowhere/classify: found no such program");
    }
}
