package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.exporter.testing.Folders;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.testing.PngFile;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong is said in one line, with the exit code for it, and nothing is written. */
class BadInputTest {
    private static final Path RUN = BarRun.get().path();

    @TempDir
    private Path temporary;

    private Path model = Path.of("");
    private Path fp32 = Path.of("");

    @BeforeEach
    void exportModel() {
        model = temporary.resolve("model");
        fp32 = model.resolve(ModelFolder.FP32);
        assertEquals(0, CommandRun.of("export", RUN, "--out", model).exitCode());
    }

    @Test
    void runThatIsMissing() throws IOException {
        refused(3, "no such folder", "export", temporary.resolve("nowhere"), "--out", temporary.resolve("new"));
    }

    @Test
    void runWithoutWeights() throws IOException {
        Path run = copyOfRun();
        Files.delete(run.resolve(RunFolder.BEST));
        refused(3, RunFolder.BEST, "export", run, "--out", temporary.resolve("new"));
    }

    @Test
    void runWithBrokenWeights() throws IOException {
        Path run = copyOfRun();
        Path weights = run.resolve(RunFolder.BEST);
        byte[] bytes = Files.readAllBytes(weights);
        Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
        CommandRun command = CommandRun.of("export", run, "--out", temporary.resolve("new"));
        assertTrue(command.exitCode() == 3 || command.exitCode() == 4, command.err());
        assertTrue(
                command.err().contains(RunFolder.BEST) && command.err().lines().count() == 1, command.err());
        assertTrue(Files.notExists(temporary.resolve("new")));
    }

    @Test
    void placeThatIsTaken() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "text");
        refused(3, "a file", "export", RUN, "--out", file, "--force");
        Path other = Files.createDirectory(temporary.resolve("other"));
        Files.writeString(other.resolve("thesis.txt"), "text");
        refused(3, "other things", "export", RUN, "--out", other, "--force");
        refused(3, "--force", "export", RUN, "--out", model);
    }

    @Test
    void modelThatIsMissing() throws IOException {
        refused(4, "no such folder", "quantize", temporary.resolve("nowhere"), "--calibration", RUN);
        Path empty = Files.createDirectory(temporary.resolve("empty"));
        refused(4, "no fp32.onnx", "quantize", empty, "--calibration", RUN);
        refused(4, "nowhere.onnx", "inspect", temporary.resolve("nowhere.onnx"));
    }

    @Test
    void modelThatIsNone() throws IOException {
        Files.writeString(fp32, "a text file");
        refused(4, "no valid ONNX model", "quantize", model, "--calibration", RUN);
        refused(4, "no valid ONNX model", "inspect", fp32);
    }

    @Test
    void modelWithoutContract() throws IOException {
        OnnxModel read = OnnxReader.read(fp32);
        Files.write(fp32, OnnxWriter.write(OnnxModel.fromGraph(read.graph(), Map.of())));
        refused(4, "without a preprocessing contract", "quantize", model, "--calibration", RUN);
    }

    @Test
    void modelThatIsQuantizedAlready() throws IOException {
        assertEquals(
                0,
                CommandRun.of("quantize", model, "--calibration", RUN, "--samples", 10)
                        .exitCode());
        refused(4, "no fp32.onnx", "quantize", model.resolve(ModelFolder.INT8), "--calibration", RUN);
        Files.copy(model.resolve(ModelFolder.INT8), fp32, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        refused(4, "quantised already", "quantize", model, "--calibration", RUN);
    }

    @Test
    void modelWithNothingToQuantize() throws IOException {
        OnnxModel read = OnnxReader.read(fp32);
        Graph linear = graph(
                read,
                List.of(
                        new Node("flatten", "Flatten", List.of("input"), List.of("flat"), Map.of()),
                        new Node("fc", "MatMul", List.of("flat", "w"), List.of("logits"), Map.of())),
                Map.of("w", Tensor.floats(List.of(144L, 2L), new float[288])));
        Files.write(fp32, OnnxWriter.write(read.withGraph(linear)));
        refused(4, "add --head integer", "quantize", model, "--calibration", RUN);
        refused(4, "ship it as it is", "quantize", model, "--calibration", RUN, "--head", "integer");
    }

    @Test
    void modelOfWhichNothingReachesTheAnswerInIntegers() throws IOException {
        OnnxModel read = OnnxReader.read(fp32);
        Graph unused = graph(
                read,
                List.of(
                        new Node("conv", "Conv", List.of("input", "filter"), List.of("unused"), Map.of()),
                        new Node("flatten", "Flatten", List.of("input"), List.of("flat"), Map.of()),
                        new Node("fc", "MatMul", List.of("flat", "w"), List.of("logits"), Map.of())),
                Map.of(
                        "filter", Tensor.floats(List.of(1L, 1L, 1L, 1L), 1),
                        "w", Tensor.floats(List.of(144L, 2L), new float[288])));
        Files.write(fp32, OnnxWriter.write(read.withGraph(unused)));
        refused(4, fp32 + ": found a model without convolutions", "quantize", model, "--calibration", RUN);
    }

    @Test
    void modelOfAnOldOperatorSet() throws IOException {
        OnnxModel read = OnnxReader.read(fp32);
        Graph convolution = graph(
                read,
                List.of(
                        new Node("conv", "Conv", List.of("input", "w"), List.of("features"), Map.of()),
                        new Node("flatten", "Flatten", List.of("features"), List.of("logits"), Map.of())),
                Map.of("w", Tensor.floats(List.of(2L, 1L, 12L, 12L), new float[288])));
        OnnxModel old = new OnnxModel(convolution, "other", "1", new TreeMap<>(Map.of("", 12L)), read.metadata());
        Files.write(fp32, OnnxWriter.write(old));
        refused(4, fp32 + ": found operator set 12, expected 13", "quantize", model, "--calibration", RUN);
    }

    @Test
    void manifestThatIsNone() throws IOException {
        Files.writeString(model.resolve(ModelFolder.MANIFEST), "{}");
        refused(4, "an invalid manifest", "quantize", model, "--calibration", RUN, "--samples", 10);
    }

    @Test
    void calibrationWithoutPictures() throws IOException {
        Path empty = Files.createDirectory(temporary.resolve("empty"));
        refused(3, "a folder without pictures", "quantize", model, "--calibration", empty);
        refused(3, "unreadable folder", "quantize", model, "--calibration", temporary.resolve("nowhere"));
    }

    @Test
    void picturesThatSayTooLittle() throws IOException {
        Path black = Files.createDirectory(temporary.resolve("black"));
        for (int i = 0; i < 4; i++) {
            Image picture = new Image(12, 12, Image.Mode.GRAY, new byte[144]);
            Files.write(black.resolve(i + ".png"), PngFile.of(picture));
        }
        refused(5, fp32 + ": found an int8 model that gives", "quantize", model, "--calibration", black);
        refused(5, "an int8 model that gives", "quantize", model, "--calibration", black, "--data", RUN);
        refused(5, "an int8 model that gives", "quantize", model, "--calibration", black, "--samples", 1);
        CommandRun command = CommandRun.of("quantize", model, "--calibration", black);
        assertTrue(command.err().contains("warning: ranges come from 4 calibration pictures"), command.err());
        assertTrue(command.err().contains("warning: all calibration pictures are of a single colour"), command.err());
        assertTrue(command.err().contains("dB above the noise, on noise"), command.err());
    }

    @Test
    void onePictureWarns() throws IOException {
        Path one = Files.createDirectory(temporary.resolve("one"));
        Files.write(
                one.resolve("a.png"),
                PngFile.of(BarRun.get()
                        .data()
                        .heldOut()
                        .picture(0, BarRun.get().contract().decodeOptions())));
        CommandRun command = CommandRun.of("quantize", model, "--calibration", one);
        assertEquals(0, command.exitCode(), command.err());
        assertTrue(command.err().contains("warning: ranges come from one calibration picture;"), command.err());
        assertTrue(command.err().contains("noise and on its own calibration pictures, since one has"), command.err());
    }

    @Test
    void picturesOfOtherSizesAreScaledAsTheContractSays() throws IOException {
        Path large = Files.createDirectory(temporary.resolve("large"));
        byte[] samples = new byte[40 * 30];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (i % 40 / 5 % 2 * 200);
        }
        Files.write(large.resolve("a.png"), PngFile.of(new Image(40, 30, Image.Mode.GRAY, samples)));
        CommandRun command = CommandRun.of("quantize", model, "--calibration", large);
        assertEquals(0, command.exitCode(), command.err());
    }

    @Test
    void pictureThatIsNone() throws IOException {
        Path pictures = Files.createDirectory(temporary.resolve("pictures"));
        Files.writeString(pictures.resolve("a.png"), "a text file");
        refused(3, "a.png", "quantize", model, "--calibration", pictures);
    }

    @Test
    void testPicturesOfOtherClasses() throws IOException {
        Path cats = Files.createDirectories(temporary.resolve("test/cats"));
        Files.writeString(cats.resolve("a.png"), "not reached");
        refused(
                3,
                "none of the model's labels",
                "quantize",
                model,
                "--calibration",
                RUN,
                "--data",
                temporary.resolve("test"));
    }

    @Test
    void optionsThatMakeNoSense() throws IOException {
        refused(2, "--samples", "quantize", model, "--calibration", RUN, "--samples", 0);
        for (String calibrator : List.of("best", "percentile=0", "percentile=x", "")) {
            refused(2, "--calibrator", "quantize", model, "--calibration", RUN, "--calibrator", calibrator);
        }
        refused(2, "--max-drop", "quantize", model, "--calibration", RUN, "--max-drop", -1);
        Path few = Files.createDirectory(temporary.resolve("few"));
        refused(2, "--max-drop: found no labelled pictures", "quantize", model, "--calibration", few, "--max-drop", 1);
        refused(2, "--calibration", "quantize", model);
        refused(2, "--out", "export", RUN);
        refused(2, "--head", "quantize", model, "--calibration", RUN, "--head", "bold");
    }

    /** A graph in the place of a model's. */
    private static Graph graph(OnnxModel model, List<Node> nodes, Map<String, Tensor> constants) {
        return new Graph("other", model.graph().inputs(), model.graph().outputs(), nodes, constants);
    }

    private Path copyOfRun() throws IOException {
        Path copy = Files.createDirectory(temporary.resolve("run"));
        for (String file : new String[] {RunFolder.CONFIG, RunFolder.CONTRACT, RunFolder.BEST}) {
            Files.copy(RUN.resolve(file), copy.resolve(file));
        }
        return copy;
    }

    private void refused(int exitCode, String said, Object... arguments) throws IOException {
        Map<String, Integer> before = Folders.content(temporary);
        CommandRun command = CommandRun.of(arguments);
        assertEquals(exitCode, command.exitCode(), command.err());
        List<String> lines = command.err()
                .lines()
                .filter(line -> !line.startsWith("warning: "))
                .toList();
        assertEquals(1, lines.size(), command.err());
        assertTrue(lines.get(0).startsWith("error: ") && lines.get(0).contains(said), command.err());
        assertEquals("", command.out());
        assertEquals(before, Folders.content(temporary));
    }
}
