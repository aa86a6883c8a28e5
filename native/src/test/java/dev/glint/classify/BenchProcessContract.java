package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.classify.choice.LocalChoice;
import dev.glint.runtime.testing.ModelMaker;
import dev.glint.runtime.testing.TinyModel;
import dev.glint.runtime.trust.KeyCurve;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code classify bench} measures, of which processes are a part. */
abstract class BenchProcessContract extends ProcessFixture {
    @Test
    void benchMeasuresEveryVariant() throws IOException {
        TinyModel.write(Path.of(file("model/fp32.onnx")));
        write("set/red/1.png", png(200, 100, 50));
        write("set/red/2.png", png(10, 20, 30));
        write("set/blue/3.png", png(10, 20, 30));

        Run run = run(
                "bench",
                "--engine",
                "ort",
                "--json",
                "--model",
                file("model"),
                "--runs",
                "20",
                "--warmup",
                "2",
                "--data",
                file("set"));

        assertEquals(0, run.exitCode(), run.err());
        JsonObject report = JsonParser.parseString(run.out()).getAsJsonObject();
        assertEquals("glint.bench/1", report.get("schema").getAsString());
        assertEquals("noise of 8x8", report.get("picture").getAsString());
        assertIsThisMachine(report.get("machine"));
        assertEquals(3, report.getAsJsonObject("testSet").get("pictures").getAsInt());
        assertEquals(
                0.5,
                report.getAsJsonObject("recommendation").get("maxDropPoints").getAsDouble());
        JsonArray variants = report.getAsJsonArray("variants");
        assertEquals(2, variants.size());
        for (int i = 0; i < 2; i++) {
            JsonObject variant = variants.get(i).getAsJsonObject();
            String name = List.of("fp32.onnx", "int8.onnx").get(i);
            assertEquals(name, variant.get("model").getAsString());
            assertEquals(
                    Files.size(Path.of(file("model"), name)),
                    variant.get("bytes").getAsLong());
            long p50 = variant.get("p50Nanos").getAsLong();
            assertTrue(p50 > 0 && p50 <= variant.get("p95Nanos").getAsLong(), run.out());
            assertTrue(
                    variant.get("p95Nanos").getAsLong()
                            <= variant.get("p99Nanos").getAsLong(),
                    run.out());
            assertEquals("ort", variant.get("engine").getAsString());
            assertEquals(64, variant.get("sha256").getAsString().length());
            assertTrue(variant.get("firstInferenceNanos").getAsLong() > 0, run.out());
            assertTrue(
                    variant.get("processNanos").getAsLong()
                            > variant.get("sessionCreationNanos").getAsLong(),
                    run.out());
            assertTrue(variant.get("sessionCreationNanos").getAsLong() > 100_000, run.out());
            assertTrue(variant.get("peakResidentBytes").getAsLong() > 10_000_000, run.out());
            assertEquals("0.666667", variant.get("accuracy").getAsString());
            assertEquals(2, variant.get("correct").getAsInt());
            assertEquals(3, variant.get("pictures").getAsInt());
        }
        assertEquals("1.000", variants.get(0).getAsJsonObject().get("speedUp").getAsString());
        double speedUp = variants.get(1).getAsJsonObject().get("speedUp").getAsDouble();
        double fp32 = variants.get(0).getAsJsonObject().get("p50Nanos").getAsDouble();
        assertEquals(fp32 / variants.get(1).getAsJsonObject().get("p50Nanos").getAsDouble(), speedUp, 5e-4);
    }

    @Test
    void benchKeepsItsChoice() throws IOException {
        TinyModel.write(Path.of(file("model/fp32.onnx")));
        write("model/manifest.json", "{\"default\":\"int8.onnx\"}".getBytes(StandardCharsets.UTF_8));
        Map<String, String> settings = Map.of("XDG_CONFIG_HOME", file("settings"));

        Run run =
                run(settings, new byte[0], "bench", file("model"), "--json", "--save", "--runs", "5", "--warmup", "1");

        assertEquals(0, run.exitCode(), run.err());
        String chosen = JsonParser.parseString(run.out())
                .getAsJsonObject()
                .getAsJsonObject("recommendation")
                .get("model")
                .getAsString();
        assertTrue(
                run.err().startsWith("note: " + chosen + " is the default for " + file("model") + " here"), run.err());
        LocalChoice choice = LocalChoice.find(Path.of(file("model")), settings).orElseThrow();
        assertEquals(chosen, choice.file());
        run("bench", file("model/int8.onnx"), "--save").assertFails(2, "found --save with " + file("model/int8.onnx"));
    }

    @Test
    void benchPrintsATable() throws IOException {
        List<String> bench = List.of(
                "bench", "--model", file("model/int8.onnx"), "--runs", "2", "--warmup", "0", file("reddish.png"));
        Run both = run(bench.toArray(String[]::new));
        List<String> inOrt = new ArrayList<>(bench);
        Collections.addAll(inOrt, "--engine", "ort");
        Run run = run(inOrt.toArray(String[]::new));

        assertEquals(0, both.exitCode(), both.err());
        List<String> engines = both.out().lines().toList();
        assertTrue(engines.get(0).matches("variant +engine +bytes .*"), both.out());
        assertTrue(engines.get(1).matches("int8.onnx +ort +\\d+ .*"), both.out());
        assertTrue(engines.get(2).matches("int8.onnx +glint +\\d+ .*"), both.out());
        assertEquals(0, run.exitCode(), run.err());
        List<String> lines = run.out().lines().toList();
        assertTrue(
                lines.get(0).matches("variant +bytes +p50 +p95 +p99 +first +session +process +memory +speed-up"),
                run.out());
        assertTrue(lines.get(1).matches("int8.onnx +\\d+( +\\d+\\.\\d+){6} +\\d+\\.\\d MB +-"), run.out());
        assertEquals("Best here is int8.onnx: there is no other.", lines.get(3), run.out());
        assertTrue(lines.get(5).contains("reddish.png, threads 1, 2 runs after 0"), run.out());
    }

    @Test
    void benchTakesPicturesWhoseNamesBeginWithAHyphen() throws IOException {
        write("-p.png", png(200, 100, 50));
        List<String> command = new ArrayList<>(List.of("sh", "-c", "cd \"$1\"; shift; exec \"$@\"", "sh", file(".")));
        command.addAll(program(temporary));
        Collections.addAll(
                command, "bench", "-m", file("model/int8.onnx"), "--runs", "1", "--warmup", "0", "--", "-p.png");

        Run run = run(Map.of(), new byte[0], command);

        assertEquals("", run.err());
        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("Tensor to logits in ms: -p.png"), run.out());
    }

    @Test
    void benchMeasuresOnlyWhatIsSigned() throws IOException {
        ModelMaker maker = new ModelMaker(KeyCurve.P256);
        String key = maker.writeKey(folder.resolve("key.pub")).toString();
        String[] bench = {"bench", "--model", file("model"), "--runs", "2", "--warmup", "0", "--trust", key};
        run(bench).assertFails(4, file("model/int8.onnx") + ": found an unsigned model");

        maker.sign(Path.of(file("model")));
        Run run = run(bench);
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("int8.onnx"), run.out());
    }
}
