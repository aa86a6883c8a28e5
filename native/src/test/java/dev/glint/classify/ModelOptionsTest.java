package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.classify.choice.LocalChoice;
import dev.glint.console.Output;
import dev.glint.console.Streams;
import dev.glint.runtime.testing.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void aBrokenChoiceIsToldOnceUntilItChanges() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        TinyModel.write(model.resolve("fp32.onnx"));
        Files.writeString(model.resolve("manifest.json"), "{\"default\":\"fp32.onnx\"}");
        Map<String, String> environment = Map.of("XDG_CONFIG_HOME", folder.toString());
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = new Streams(
                InputStream.nullInputStream(),
                new Output(OutputStream.nullOutputStream()),
                Streams.printer(err),
                Optional.empty(),
                environment);
        LocalChoice choice = new LocalChoice("fp32.onnx", 0);
        Path file = choice.save(model, environment, "it is fastest");
        ModelOptions options = new ModelOptions();
        options.model = model;

        for (String content : List.of("{}", "[]", "{}")) {
            Files.writeString(file, content);
            for (int looks = 0; looks < 3; looks++) {
                assertEquals(model.resolve("fp32.onnx"), options.file(streams));
            }
        }
        choice.save(model, environment, "it is fastest");
        options.file(streams);
        Files.writeString(file, "{}");
        options.file(streams);

        List<String> notes = err.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(4, notes.size(), notes::toString);
        assertTrue(notes.stream().allMatch(note -> note.startsWith("note: " + file)), notes::toString);
    }
}
