package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What exporter verify finds in a model folder, sound and not. */
class VerifyTest {
    private static final RunFolder RUN = BarRun.get();

    @TempDir
    private static Path once;

    @TempDir
    private Path temporary;

    private Path model;

    @BeforeAll
    static void exportAndQuantize() {
        Path model = once.resolve("model");
        CommandRun exported = CommandRun.of("export", RUN.path(), "--out", model);
        assertEquals(0, exported.exitCode(), exported.err());
        CommandRun quantized = CommandRun.of("quantize", model, "--calibration", RUN.path());
        assertEquals(0, quantized.exitCode(), quantized.err());
    }

    @BeforeEach
    void copy() throws IOException {
        model = Files.createDirectory(temporary.resolve("model"));
        for (String name : new String[] {ModelFolder.FP32, ModelFolder.INT8, ModelFolder.MANIFEST}) {
            Files.copy(once.resolve("model").resolve(name), model.resolve(name));
        }
    }

    @Test
    void soundFolderHolds() {
        CommandRun run = CommandRun.of("verify", model, "--run", RUN.path(), "--data", RUN.path(), "--json");

        assertEquals(0, run.exitCode(), run.err() + run.out());
        JsonObject json = JsonParser.parseString(run.out()).getAsJsonObject();
        assertTrue(json.get("holds").getAsBoolean(), run.out());
        for (String check : new String[] {"hash", "rules of ONNX", "contract", "golden samples", "accuracy"}) {
            assertEquals(2, count(json, check), check);
        }
        assertEquals(1, count(json, "answers"));
        assertEquals(1, count(json, "run"));
    }

    private static long count(JsonObject json, String check) {
        return json.getAsJsonArray("checks").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(entry -> entry.get("check").getAsString().equals(check))
                .filter(entry -> entry.get("outcome").getAsString().equals("passed"))
                .count();
    }

    @Test
    void changedByteIsFound() throws IOException {
        byte[] bytes = Files.readAllBytes(model.resolve(ModelFolder.INT8));
        bytes[bytes.length / 2] ^= 1;
        Files.write(model.resolve(ModelFolder.INT8), bytes);

        CommandRun run = CommandRun.of("verify", model);

        assertEquals(4, run.exitCode());
        assertTrue(run.out().contains("as the manifest says"), run.out());
        assertFalse(run.out().contains("golden samples  failed"), "nothing else is read of a file that was changed");
    }

    @Test
    void missingFileAndUnknownFileAreFound() throws IOException {
        Files.move(model.resolve(ModelFolder.INT8), model.resolve("other.onnx"));

        CommandRun run = CommandRun.of("verify", model);

        assertEquals(4, run.exitCode());
        assertTrue(run.out().contains("no such file"), run.out());
        assertTrue(run.out().contains("a model that the manifest does not know"), run.out());
    }

    @Test
    void otherWeightsThanTheRunsAreFound() throws IOException {
        Path file = model.resolve(ModelFolder.FP32);
        String before = Sha256.ofFile(file);
        OnnxModel read = OnnxReader.read(file);
        Map<String, Tensor> weights = new LinkedHashMap<>(read.graph().initializers());
        weights.replaceAll((name, tensor) -> name.endsWith("bias") ? shifted(tensor) : tensor);
        Files.write(
                file,
                OnnxWriter.write(
                        read.withGraph(read.graph().withNodes(read.graph().nodes(), weights))));
        Path manifest = model.resolve(ModelFolder.MANIFEST);
        Files.writeString(manifest, Files.readString(manifest).replace(before, Sha256.ofFile(file)));

        CommandRun run = CommandRun.of("verify", model, "--run", RUN.path());

        assertEquals(5, run.exitCode(), run.out());
        assertTrue(run.out().contains("golden samples"), run.out());
    }

    private static Tensor shifted(Tensor tensor) {
        float[] values = tensor.toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] += 0.5f;
        }
        return Tensor.floats(tensor.shape(), values);
    }

    @Test
    void folderWithoutManifestIsRefused() throws IOException {
        Files.delete(model.resolve(ModelFolder.MANIFEST));

        CommandRun run = CommandRun.of("verify", model);

        assertEquals(4, run.exitCode());
        assertTrue(run.err().contains("no manifest.json"), run.err());
    }
}
