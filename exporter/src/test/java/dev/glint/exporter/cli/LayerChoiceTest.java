package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which layers stay in float, and why. */
class LayerChoiceTest {
    private static final Path RUN = BarRun.get().path();

    @TempDir
    private Path temporary;

    private String convolution = "";

    @BeforeEach
    void export() {
        assertEquals(0, CommandRun.of("export", RUN, "--out", model()).exitCode());
        convolution = OnnxReader.read(model().resolve(ModelFolder.FP32)).graph().nodes().stream()
                .filter(node -> node.isOperator("Conv"))
                .map(Node::name)
                .findFirst()
                .orElseThrow();
    }

    private Path model() {
        return temporary.resolve("model");
    }

    private CommandRun quantize(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "quantize", model(), "--calibration", RUN, "--samples", 40, "--calibrator", "minmax", "--json"));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray());
    }

    private Path overrides(String json) throws IOException {
        return Files.writeString(temporary.resolve("overrides.json"), json);
    }

    /** The reason why each layer is in float, empty for an integer one. */
    private static Map<String, String> explained(CommandRun run) {
        assertEquals(0, run.exitCode(), run.err());
        Map<String, String> reasons = new HashMap<>();
        for (JsonElement layer :
                JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("layers")) {
            JsonObject json = layer.getAsJsonObject();
            reasons.put(
                    json.get("name").getAsString(),
                    json.has("floatReason") ? json.get("floatReason").getAsString() : "");
        }
        return reasons;
    }

    @Test
    void layersAreExplained() {
        CommandRun run = quantize("--explain");
        assertEquals("", explained(run).get(convolution));
        for (JsonElement layer :
                JsonParser.parseString(run.out()).getAsJsonObject().getAsJsonArray("layers")) {
            if (layer.getAsJsonObject().get("name").getAsString().equals(convolution)) {
                assertTrue(layer.getAsJsonObject().get("weightDecibels").getAsDouble() > 30);
                assertTrue(layer.getAsJsonObject().get("activationDecibels").getAsDouble() > 20);
                assertTrue(layer.getAsJsonObject().get("aloneDecibels").getAsDouble() > 10);
            }
        }
        CommandRun table = CommandRun.of(
                "quantize", model(), "--calibration", RUN, "--samples", 40, "--calibrator", "minmax", "--explain");
        assertTrue(table.out().startsWith("layer"), table.out());
        assertTrue(table.out().contains("signal to noise of the rounded weights"), table.out());
    }

    @Test
    void nodesAndOperatorsAreExcludedAndIncluded() throws IOException {
        String excluded = "it is excluded by the user";
        assertEquals(
                excluded,
                explained(quantize("--explain", "--exclude", convolution)).get(convolution));
        assertEquals(
                "",
                explained(quantize("--explain", "--include", "op:Conv,op:Relu")).get(convolution));
        Path file = overrides("{\"nodes\": {\"" + convolution + "\": \"float\"}}");
        assertEquals(
                excluded, explained(quantize("--explain", "--overrides", file)).get(convolution));
    }

    @Test
    void planIsWrittenAndReadAgain() throws IOException {
        Path file = temporary.resolve("plan.json");
        assertEquals(0, quantize("--corrections", "none", "--plan", file).exitCode());
        byte[] written = Files.readAllBytes(model().resolve(ModelFolder.INT8));
        JsonObject plan = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertEquals("glint.plan/1", plan.get("schema").getAsString());
        assertTrue(plan.getAsJsonObject("weights").has(convolution), plan::toString);
        assertEquals(
                "integer",
                plan.getAsJsonObject("nodes")
                        .getAsJsonObject(convolution)
                        .get("type")
                        .getAsString());

        // Of other pictures, but as the plan says.
        CommandRun again = quantize("--corrections", "none", "--overrides", file, "--seed", 9);
        assertEquals(0, again.exitCode(), again.err());

        assertArrayEquals(written, Files.readAllBytes(model().resolve(ModelFolder.INT8)));
    }

    @Test
    void tensorsAreEncodedAsTheFileSays() throws IOException {
        Path file = overrides(
                "{\"weights\": {\"" + convolution + "\": {\"granularity\": \"per-tensor\", \"type\": \"s7\"}}}");
        assertEquals(0, quantize("--overrides", file).exitCode());

        CommandRun inspect = CommandRun.of("inspect", model().resolve(ModelFolder.INT8), "--json");
        Map<String, Integer> scales = new HashMap<>();
        JsonParser.parseString(inspect.out())
                .getAsJsonObject()
                .getAsJsonArray("tensors")
                .forEach(tensor -> scales.put(
                        tensor.getAsJsonObject().get("tensor").getAsString(),
                        tensor.getAsJsonObject().get("scales").getAsInt()));
        assertEquals(1, scales.remove(convolution + ".weight_quantized"));
        assertTrue(scales.values().stream().anyMatch(count -> count > 1), scales::toString);
        String table = CommandRun.of("inspect", model().resolve(ModelFolder.INT8), "--tensors")
                .out();
        assertTrue(table.contains("per tensor") && table.contains("per channel"), table);
    }

    @Test
    void plansThatNoVariantCanHaveAreRefused() throws IOException {
        Path file = overrides("{\"weights\": {\"" + convolution + "\": {\"type\": \"u8\"}}}");
        assertRefused(2, "--plan: found 2 variants", "--variants", "int8,fp16", "--plan", file);
        assertRefused(3, "leave the variant out", "--overrides", file, "--variants", "int8-dynamic");
    }

    @Test
    void unknownNamesAreRefusedWithTheNearest() throws IOException {
        assertRefused(2, "did you mean " + convolution + "?", "--exclude", convolution + "x");
        assertRefused(2, "did you mean op:Conv?", "--include", "op:Convv");
        assertRefused(2, "did you mean adaptive-rounding?", "--corrections", "adaptiv-rounding");
        assertRefused(2, "one of both", "--corrections", "weight-bias,bias-correction");
        assertRefused(2, convolution, "--overrides", overrides("{\"nodes\": {\"" + convolution + "x\": \"float\"}}"));
    }

    @Test
    void overridesThatAreNoneAreRefused() throws IOException {
        for (String json : List.of(
                "",
                "[]",
                "{\"node\": {}}".replace("{}", "{\"a\": 1}"),
                "{\"nodes\": 5}",
                "{\"nodes\": {\"" + convolution + "\": \"double\"}}",
                "{\"ranges\": {\"" + convolution + "_nothing\": [0, 1]}}",
                "{\"nodes\": {",
                "[".repeat(100_000))) {
            assertRefused(3, "overrides.json", "--overrides", overrides(json));
        }
        assertRefused(3, "nowhere.json", "--overrides", temporary.resolve("nowhere.json"));
        Path binary = Files.write(temporary.resolve("binary.json"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertRefused(3, "binary.json: found no UTF-8 text", "--overrides", binary);
    }

    /** A device says that it has no bytes, and then gives them without end. */
    @Test
    void overridesWithoutEndAreRefused() {
        Path zeros = Path.of("/dev/zero");
        assumeTrue(Files.exists(zeros), "needs /dev/zero");
        assertRefused(6, "more than 16 MiB of text", "--overrides", zeros);
    }

    private void assertRefused(int exitCode, String expected, Object... arguments) {
        CommandRun run = quantize(arguments);
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(expected), run.err());
        assertEquals(1, run.err().strip().lines().count(), run.err());
        assertFalse(Files.exists(model().resolve(ModelFolder.INT8)));
    }
}
