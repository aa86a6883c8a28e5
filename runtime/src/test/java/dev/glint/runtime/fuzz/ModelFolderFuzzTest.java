package dev.glint.runtime.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a model folder's manifest holds, a model of that very folder is selected. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='ModelFolderFuzzTest#manifest' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class ModelFolderFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of(
                        "",
                        "{}",
                        "{\"schema\":\"glint.manifest/1\",\"default\":\"other.onnx\"}",
                        "{\"default\":\"../other.onnx\"}",
                        "{\"default\":[\"other.onnx\"]}",
                        "{\"default\":null}",
                        "[".repeat(3000))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void manifest(byte[] data) throws IOException {
        Path folder = Files.createTempDirectory("model");
        Path manifest = folder.resolve(ModelFolder.MANIFEST);
        Path model = folder.resolve(ModelFolder.FP32);
        Path other = folder.resolve("other.onnx");
        try {
            Files.write(manifest, data);
            Files.createFile(model);
            Files.createFile(other);
            Path selected = ModelFolder.select(folder);
            assertEquals(folder, selected.getParent());
            assertTrue(Files.exists(selected), selected.toString());
        } finally {
            for (Path file : new Path[] {manifest, model, other, folder}) {
                Files.deleteIfExists(file);
            }
        }
    }
}
