package dev.glint.exporter.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the files hold that say which nodes and labels a model has, they say it or give one line of failure. To search with
 * Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl exporter -am test -Dtest='ChoiceFuzzTest#nodes' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class ChoiceFuzzTest {
    private static final Set<Reason> BLAMES_THE_FILE = Set.of(Reason.INPUT, Reason.USAGE);
    private static final Graph GRAPH = OnnxReader.read(
                    SharedData.projectRoot().resolve("edge-samples/models/cifar10-small-vgg/int8.onnx"))
            .graph();

    static Stream<byte[]> nodesSeeds() {
        String node = GRAPH.nodes().get(0).name();
        String value = GRAPH.nodes().get(0).outputs().get(0);
        return Stream.of(
                        "{\"nodes\":{\"" + node + "\":\"float\"},\"ranges\":{\"" + value + "\":[0,6.5]}}",
                        "{\"nodes\":{\"" + node + "\":\"integer\"}}",
                        "{\"ranges\":{\"" + value + "\":[\"NaN\",1e99]}}",
                        "[".repeat(3000))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("nodesSeeds")
    @FuzzTest(maxDuration = "20m")
    void nodes(byte[] data) throws IOException {
        Path file = Files.createTempFile("choice", ".json");
        try {
            Files.write(file, data);
            NodeChoice.Resolved resolved = new NodeChoice(List.of(), List.of(), Optional.of(file)).resolve(GRAPH);
            Set<String> both = new HashSet<>(resolved.floatNodes().keySet());
            both.retainAll(resolved.integerNodes());
            assertEquals(Set.of(), both);
            resolved.ranges().values().forEach(range -> assertTrue(range.min() <= range.max(), range.toString()));
        } catch (GlintException e) {
            assertTrue(BLAMES_THE_FILE.contains(e.reason()), e.getMessage());
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        } finally {
            Files.delete(file);
        }
    }

    static Stream<byte[]> labelsSeeds() {
        return Stream.of("cat\ndog\n", "\ufeffcat\r\ncat\r\ndog", "a\na\na (1)\n", "")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("labelsSeeds")
    @FuzzTest(maxDuration = "20m")
    void labels(byte[] data) throws IOException {
        Path file = Files.createTempFile("labels", ".txt");
        try {
            Files.write(file, data);
            List<String> labels = LabelFile.read(file).labels();
            assertEquals(labels.size(), Set.copyOf(labels).size());
        } catch (GlintException e) {
            assertEquals(Reason.INPUT, e.reason());
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        } finally {
            Files.delete(file);
        }
    }
}
