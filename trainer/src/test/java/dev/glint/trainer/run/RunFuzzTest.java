package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.testing.TinyModel;
import dev.glint.trainer.baseline.BaselineResult;
import dev.glint.trainer.fit.EpochMetrics;
import dev.glint.trainer.fit.Score;
import dev.glint.trainer.weights.safetensors.Safetensors;
import dev.glint.trainer.weights.safetensors.StoredTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the files of a run folder hold, they are read as they would be written, or blamed in one line. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl trainer -am test -Dtest='RunFuzzTest#config' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class RunFuzzTest {
    private static final String DURATION = "20m";
    private static final Set<Reason> BLAMES_THE_FILE = Set.of(Reason.INPUT, Reason.LIMIT);

    private static final RunConfig CONFIG = Runs.tiny(Path.of("pictures"), 1, 3);
    private static final EpochMetrics EPOCH =
            new EpochMetrics(1, new Score(8, 4, 0.5), new Score(4, 2, Double.NaN), 0.1, 2_000, 1_000);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }

    static Stream<byte[]> configSeeds() {
        String tiny = CONFIG.toJson();
        String opened = tiny.replace("Sha256\": null", "Sha256\": \"" + "0".repeat(64) + "\"");
        return Stream.of(tiny, tiny.replace("\"cpu\"", "\"gpu:1\""), opened, "{}", "[".repeat(3000))
                .map(RunFuzzTest::bytes);
    }

    @MethodSource("configSeeds")
    @FuzzTest(maxDuration = DURATION)
    void config(byte[] data) {
        try {
            RunConfig config = RunConfig.fromJson(text(data));
            assertEquals(config, RunConfig.fromJson(config.toJson()));
        } catch (GlintException e) {
            assertEquals(Reason.INPUT, e.reason(), e::getMessage);
        }
    }

    static Stream<byte[]> metricsSeeds() {
        String line = EpochJson.toJson(EPOCH) + "\n";
        return Stream.of(line, line + line, "\n", "{\"epoch\":1}\n").map(RunFuzzTest::bytes);
    }

    @MethodSource("metricsSeeds")
    @FuzzTest(maxDuration = DURATION)
    void metrics(byte[] data) throws IOException {
        Path file = Files.createTempFile("metrics", ".jsonl");
        try {
            Files.write(file, data);
            for (EpochMetrics epoch : EpochJson.readLines(file)) {
                assertEquals(epoch, EpochJson.read(EpochJson.toJson(epoch)));
            }
        } catch (GlintException e) {
            assertEquals(Reason.INPUT, e.reason(), e::getMessage);
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        } finally {
            Files.delete(file);
        }
    }

    static Stream<byte[]> baselineSeeds() {
        BaselineResult result = new BaselineResult("hog-svm", "bars", 1, 10, 5, 4, 0.5, Map.of("c", "1"));
        return Stream.of(result.toJson().toString(), "{}", "[]").map(RunFuzzTest::bytes);
    }

    @MethodSource("baselineSeeds")
    @FuzzTest(maxDuration = DURATION)
    void baseline(byte[] data) throws IOException {
        inFolder(RunFolder.BASELINE, data, folder -> BaselineResult.read(folder).toJson());
    }

    /** The notes of a checkpoint, a zero byte between each two: configuration, contract, parameters, metrics, ranges. */
    static Stream<byte[]> notesSeeds() {
        String contract = TinyModel.contract().toJson();
        String metrics = EpochJson.toJson(EPOCH) + "\n";
        return Stream.of(
                        List.of(CONFIG.toJson(), contract, "12", metrics),
                        List.of(CONFIG.toJson(), contract, "12", metrics, "{\"x\":[0,1.5]}"))
                .map(notes -> bytes(String.join("\0", notes)));
    }

    @MethodSource("notesSeeds")
    @FuzzTest(maxDuration = DURATION)
    void notes(byte[] data) throws IOException {
        String[] texts = text(data).split("\0");
        List<String> names = List.of("config", "contract", "parameters", "metrics", "ranges");
        Map<String, String> notes = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(texts.length, names.size()); i++) {
            notes.put(names.get(i), texts[i]);
        }
        Path file = Files.createTempFile("state", ".safetensors");
        try {
            new Safetensors(tensors(), notes).write(file);
            checkpoint(Files.readAllBytes(file));
        } finally {
            Files.delete(file);
        }
    }

    private static Map<String, StoredTensor> tensors() {
        StoredTensor tensor = StoredTensor.floats(new float[] {1, 2}, List.of(2L));
        return Map.of("model.a", tensor, "b", tensor);
    }

    static Stream<byte[]> checkpointSeeds() throws IOException {
        Path folder = Files.createTempDirectory("checkpoint");
        StoredTensor tensor = StoredTensor.floats(new float[] {1, 2}, List.of(2L));
        PreprocessContract contract = TinyModel.contract();
        new Checkpoint(
                        CONFIG,
                        contract,
                        12,
                        List.of(EPOCH),
                        new StoredModel(Map.of("a", tensor), Map.of()),
                        Map.of("b", tensor))
                .write(folder);
        byte[] whole = Files.readAllBytes(folder.resolve(RunFolder.STATE));
        Files.delete(folder.resolve(RunFolder.STATE));
        Files.delete(folder);
        return Stream.of(whole, new byte[8]);
    }

    @MethodSource("checkpointSeeds")
    @FuzzTest(maxDuration = DURATION)
    void checkpoint(byte[] data) throws IOException {
        inFolder(RunFolder.STATE, data, folder -> {
            Checkpoint checkpoint = Checkpoint.read(folder);
            checkpoint.metrics();
            checkpoint.scales();
            assertTrue(checkpoint.best().epoch() <= checkpoint.epochs().size());
        });
    }

    private interface Use {
        void accept(Path folder) throws IOException;
    }

    private static void inFolder(String name, byte[] data, Use use) throws IOException {
        Path folder = Files.createTempDirectory("run");
        Path file = folder.resolve(name);
        try {
            Files.write(file, data);
            use.accept(folder);
        } catch (GlintException e) {
            assertTrue(BLAMES_THE_FILE.contains(e.reason()), e.getMessage());
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }
}
