package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void writeVariants() throws IOException {
        Files.writeString(folder.resolve("outside.onnx"), "");
        folder = Files.createDirectory(folder.resolve("model"));
        for (String variant : List.of("fp32.onnx", "int8.onnx", "int8-entropy.onnx")) {
            Files.writeString(folder.resolve(variant), "");
        }
    }

    private String selected() {
        return ModelFolder.select(folder).getFileName().toString();
    }

    private void manifest(String json) throws IOException {
        Files.writeString(folder.resolve(ModelFolder.MANIFEST), json);
    }

    @Test
    void manifestSaysWhichVariantRuns() throws IOException {
        manifest("{\"default\": \"fp32.onnx\", \"variants\": []}");
        assertEquals("fp32.onnx", selected());
        manifest("{\"default\": \"int8-entropy.onnx\"}");
        assertEquals("int8-entropy.onnx", selected());
    }

    @Test
    void withoutAWordOfTheManifestTheSmallOneRuns() throws IOException {
        assertEquals("int8.onnx", selected());
        manifest("{\"schema\": \"glint.manifest/1\"}");
        assertEquals("int8.onnx", selected());
        Files.delete(folder.resolve("int8.onnx"));
        assertEquals("fp32.onnx", selected());
    }

    @Test
    void variantThatIsGoneIsNotSelected() throws IOException {
        manifest("{\"default\": \"int8.onnx\"}");
        Files.delete(folder.resolve("int8.onnx"));
        assertEquals("fp32.onnx", selected());
    }

    @Test
    void manifestThatIsNoneLeavesTheModelAsTrained() throws IOException {
        for (String broken : List.of(
                "",
                "[]",
                "null",
                "{",
                "{\"default\": 5",
                "{\"default\": null}",
                "{\"default\": {}}",
                "{\"default\": []}",
                "{\"default\": 5}",
                "{\"default\": \"../outside.onnx\"}",
                "{\"default\": \"/etc/passwd\"}",
                "{\"default\": \".hidden.onnx\"}",
                "{\"default\": \"manifest.json\"}",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                " ".repeat(2_000_000) + "{\"default\": \"int8.onnx\"}")) {
            manifest(broken);
            assertEquals("fp32.onnx", selected(), broken.substring(0, Math.min(40, broken.length())));
        }
        Files.delete(folder.resolve(ModelFolder.MANIFEST));
        Files.createDirectory(folder.resolve(ModelFolder.MANIFEST));
        assertEquals("fp32.onnx", selected(), "a folder of that name");
    }

    @Test
    void folderWithoutAModelIsRefused() throws IOException {
        for (String variant : List.of("fp32.onnx", "int8.onnx")) {
            Files.delete(folder.resolve(variant));
        }
        assertThrows(GlintException.class, () -> ModelFolder.select(folder));
    }
}
