package dev.glint.classify.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is kept among the settings, it names a file of the model folder or is blamed in one line. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl native -am test -Dtest='LocalChoiceFuzzTest#choice' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class LocalChoiceFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of(
                        "{\"schema\":\"glint.choice/1\",\"model\":\"/m\",\"file\":\"a.onnx\",\"ortFrom\":58,\"reason\":\"\"}",
                        "{\"schema\":\"glint.choice/1\",\"file\":\"../b.onnx\",\"ortFrom\":1e9}",
                        "[".repeat(3000))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void choice(byte[] data) throws IOException {
        Path model = Files.createTempDirectory("model");
        Path manifest = Files.writeString(model.resolve("manifest.json"), "{}");
        Path variant = Files.createFile(model.resolve("a.onnx"));
        Map<String, String> environment = Map.of("XDG_CONFIG_HOME", model.toString());
        Path kept = new LocalChoice("a.onnx", 0).save(model, environment, "");
        try {
            Files.write(kept, data);
            assertEquals(
                    "a.onnx", LocalChoice.find(model, environment).orElseThrow().file());
        } catch (GlintException e) {
            assertEquals(Reason.INPUT, e.reason());
            assertTrue(e.getMessage().startsWith(kept.toString()), e.getMessage());
        } finally {
            Path settings = kept.getParent();
            for (Path file : List.of(kept, settings, settings.getParent(), variant, manifest, model)) {
                Files.delete(file);
            }
        }
    }
}
