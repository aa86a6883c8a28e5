package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.exporter.testing.Folders;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that computes what it did, but for channels of very different size between two layers: one scale suits none of them. */
class FallbackTest {
    private static final Path RUN = BarRun.get().path();

    @TempDir
    private Path temporary;

    private Path model = Path.of("");
    private List<String> convolutions = List.of();

    /** @param growth from one channel to the next */
    private void exportWithUnevenChannels(float growth) throws IOException {
        model = temporary.resolve("model");
        assertEquals(0, CommandRun.of("export", RUN, "--out", model).exitCode());
        Path file = model.resolve(ModelFolder.FP32);
        OnnxModel read = OnnxReader.read(file);
        List<Node> layers = read.graph().nodes().stream()
                .filter(node -> node.isOperator("Conv"))
                .toList();
        convolutions = layers.stream().map(Node::name).toList();
        Map<String, Tensor> constants = new LinkedHashMap<>(read.graph().initializers());
        constants.computeIfPresent(layers.get(0).input(1), (name, weight) -> grown(weight, 0, growth));
        constants.computeIfPresent(layers.get(0).input(2), (name, bias) -> grown(bias, 0, growth));
        constants.computeIfPresent(layers.get(1).input(1), (name, weight) -> grown(weight, 1, 1 / growth));
        Files.write(
                file,
                OnnxWriter.write(
                        read.withGraph(read.graph().withNodes(read.graph().nodes(), constants))));
    }

    /** Each channel along a dimension larger than the one before it. */
    private static Tensor grown(Tensor tensor, int dimension, float growth) {
        float[] values = tensor.toFloats();
        int inner = 1;
        for (int d = dimension + 1; d < tensor.shape().size(); d++) {
            inner *= tensor.shape().get(d).intValue();
        }
        int channels = tensor.shape().get(dimension).intValue();
        for (int i = 0; i < values.length; i++) {
            values[i] *= (float) Math.pow(growth, i / inner % channels);
        }
        return Tensor.floats(tensor.shape(), values);
    }

    private CommandRun quantize(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "quantize", model, "--calibration", RUN, "--data", RUN, "--samples", 50, "--calibrator", "minmax"));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray());
    }

    @Test
    void fewestLayersThatKeepTheAccuracyStayInFloat() throws IOException {
        exportWithUnevenChannels(6);

        CommandRun run = quantize("--max-drop", 0.3, "--corrections", "none", "--head", "integer");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.err().contains("0 layers in float: "), run.err());
        assertTrue(run.err().contains("x as fast as fp32"), run.err());
        Manifest manifest = Manifest.fromJson(Files.readString(model.resolve(ModelFolder.MANIFEST)));
        Variant integers = manifest.variant(ModelFolder.INT8).orElseThrow();
        assertTrue(integers.dropPoints(manifest.variant(ModelFolder.FP32).orElseThrow())
                        .orElseThrow()
                <= 0.3);
        List<String> floats = integers.quantization()
                .orElseThrow()
                .integers()
                .orElseThrow()
                .floatNodes()
                .get("it costs accuracy");
        assertEquals(convolutions, floats);
        for (String needed : floats) {
            List<String> others = new ArrayList<>(floats);
            others.remove(needed);
            List<Object> options = new ArrayList<>(
                    List.of("--max-drop", 0.3, "--corrections", "none", "--head", "integer", "--no-fallback"));
            options.addAll(List.of("--exclude", String.join(",", others)));
            assertEquals(5, quantize(options.toArray()).exitCode(), "without " + needed);
        }
    }

    @Test
    void whatNoChoiceOfLayersSavesIsRefusedWithItsDrop() throws IOException {
        exportWithUnevenChannels(6);
        Path pinned = Files.writeString(
                temporary.resolve("pinned.json"), "{\"nodes\": {\"" + convolutions.get(0) + "\": \"integer\"}}");
        Map<String, Integer> before = Folders.content(model);

        CommandRun run = quantize("--max-drop", 0.3, "--corrections", "none", "--overrides", pinned);

        assertEquals(5, run.exitCode(), run.err());
        assertTrue(run.err().contains("an accuracy that drops by "), run.err());
        assertTrue(run.err().contains("expected at most 0.30"), run.err());
        assertEquals(before, Folders.content(model));
    }

    @Test
    void answersThatDifferTooOftenAreRefusedWithHowOften() throws IOException {
        exportWithUnevenChannels(2.3f);
        Map<String, Integer> before = Folders.content(model);

        CommandRun run = quantize("--min-agreement", 1, "--corrections", "none");

        assertEquals(5, run.exitCode(), run.err());
        assertTrue(run.err().contains("gives the class of fp32 for "), run.err());
        assertTrue(run.err().contains("expected at least 100.00 %"), run.err());
        assertEquals(before, Folders.content(model));
    }
}
