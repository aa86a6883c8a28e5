package dev.glint.exporter.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.exporter.folder.Manifest;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a manifest holds, one comes of it that can be written and read again, or one line of failure. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl exporter -am test -Dtest='ManifestFuzzTest#manifest' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class ManifestFuzzTest {
    private static final String ORIGIN = "\"origin\": {\"file\": \"a.onnx\", \"sha256\": \"ab\", \"producer\": \"p\","
            + "\"operatorSet\": 13, \"steps\": [\"cut\"], \"nodesBefore\": 3, \"nodesAfter\": 2, \"proof\":"
            + " {\"randomTensors\": 8, \"pictures\": 2, \"largestDifference\": 1e-6, \"largestAnswer\": 3.5,"
            + " \"tolerance\": 1e-4}}, \"glint\"";

    static Stream<byte[]> seeds() throws IOException {
        String whole = new String(Resources.bytes("dev/glint/exporter/folder/manifest.json"), StandardCharsets.UTF_8);
        String shipped = Files.readString(
                SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg/manifest.json"));
        // The last ones were read once, and could not be written.
        return Stream.of(
                        whole,
                        whole.replaceFirst("\"glint\"", ORIGIN),
                        shipped,
                        "[".repeat(3000),
                        "\0\ufffd",
                        whole.replaceFirst("\"glint\"", ORIGIN.replace("3.5", "\"NaN\"")),
                        whole.replaceAll("(p..Nanos\": )\\d+", "$10"))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void manifest(byte[] data) throws IOException {
        Path file = Files.createTempFile("manifest", ".json");
        try {
            Files.write(file, data);
            String json = Manifest.read(file).toJson();
            assertEquals(json, Manifest.fromJson(json).toJson());
        } catch (GlintException e) {
            assertEquals(Reason.MODEL, e.reason());
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        } finally {
            Files.delete(file);
        }
    }
}
