package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.exporter.testing.Folders;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.runtime.contract.DecodeRule;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.trainer.data.PictureFolder;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The weights of a run, taken for those of somebody else. */
class ImportTest {
    private static final Path RUN = BarRun.get().path();
    private static final Path WEIGHTS = RUN.resolve(RunFolder.BEST);

    @TempDir
    private Path temporary;

    private Path labels = Path.of("");

    @BeforeEach
    void writeLabels() throws IOException {
        labels = Files.writeString(temporary.resolve("labels.txt"), "horizontal\n vertical \r\n");
    }

    private Path model() {
        return temporary.resolve("model");
    }

    private CommandRun export(Object... more) {
        Object[] all = new Object[more.length + 7];
        List<Object> first = List.of("export", "--model", "bar-cnn", "--weights", WEIGHTS, "--out", model());
        for (int i = 0; i < all.length; i++) {
            all[i] = i < 7 ? first.get(i) : more[i - 7];
        }
        return CommandRun.of(all);
    }

    private Variant fp32() throws IOException {
        return Manifest.fromJson(Files.readString(model().resolve(ModelFolder.MANIFEST)))
                .variant(ModelFolder.FP32)
                .orElseThrow();
    }

    @Test
    void weightsAndLabelsGiveTheBytesThatTheirRunGives() throws IOException {
        Path expected = temporary.resolve("expected");
        assertEquals(0, CommandRun.of("export", RUN, "--out", expected).exitCode());
        CommandRun imported = export("--labels", labels);
        assertEquals(0, imported.exitCode(), imported.err());
        assertIsTheModelOf(expected);
        assertTrue(fp32().tested().isEmpty());
        CommandRun again = export("--contract", RUN.resolve(RunFolder.CONTRACT), "--force", "--json");
        assertEquals(0, again.exitCode(), again.err());
        assertIsTheModelOf(expected);
    }

    /** But for what its test pictures were like, which only a run knows. */
    private void assertIsTheModelOf(Path run) throws IOException {
        OnnxModel expected = OnnxReader.read(run.resolve(ModelFolder.FP32));
        Map<String, String> metadata = new LinkedHashMap<>(expected.metadata());
        assertNotNull(metadata.remove(DriftProfile.METADATA_KEY));
        assertArrayEquals(
                OnnxWriter.write(new OnnxModel(
                        expected.graph(),
                        expected.producerName(),
                        expected.producerVersion(),
                        expected.opsets(),
                        metadata)),
                Files.readAllBytes(model().resolve(ModelFolder.FP32)));
    }

    @Test
    void labelledPicturesMeasureItsAccuracy() throws IOException {
        Path pictures = temporary.resolve("pictures");
        PictureSet first = BarRun.get().data().heldOut().first(60);
        PictureFolder.write(pictures, first, BarRun.get().contract().labels(), done -> {});
        CommandRun imported = export("--labels", labels, "--data", pictures);
        assertEquals(0, imported.exitCode(), imported.err());
        assertEquals("pictures", fp32().tested().orElseThrow().testSet());
        assertEquals(60, fp32().tested().orElseThrow().accuracy().pictures());
        CommandRun quantize = CommandRun.of("quantize", model(), "--calibration", pictures);
        assertEquals(0, quantize.exitCode(), quantize.err());
    }

    @Test
    void repeatedLabelsAreNumbered() throws IOException {
        Files.writeString(labels, "\ufeffcrane\ncrane\n");
        CommandRun imported = export("--labels", labels);
        assertEquals(0, imported.exitCode(), imported.err());
        assertTrue(imported.err().contains("'crane' is the label of several classes"), imported.err());
        String contract =
                OnnxReader.read(model().resolve(ModelFolder.FP32)).metadata().get(PreprocessContract.METADATA_KEY);
        assertEquals(
                List.of("crane (0)", "crane (1)"),
                PreprocessContract.fromJson(contract).labels());
    }

    @Test
    void labelsThatAreNone() throws IOException {
        refused(3, "no such file", "--labels", temporary.resolve("nowhere.txt"));
        Files.writeString(labels, "one\ntwo\nthree\n");
        refused(3, "weights of 2 classes", "--labels", labels);
        Files.writeString(labels, "one\n\n");
        refused(3, "an empty line 2", "--labels", labels);
        Files.writeString(labels, "one\n");
        refused(3, "1 lines", "--labels", labels);
        Files.writeString(labels, "a\na\na (0)\n");
        refused(3, "numbered repetitions", "--labels", labels);
        Files.write(labels, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        refused(3, "no UTF-8 text", "--labels", labels);
    }

    @Test
    void weightsThatAreNotOfTheModel() throws IOException {
        Files.writeString(temporary.resolve("text"), "no weights");
        refused(3, "neither a safetensors file", "--labels", labels, "--weights", temporary.resolve("text"));
        refused(3, "no such file", "--labels", labels, "--weights", temporary.resolve("nowhere"));
        refused(3, "choose the model", "--labels", labels, "--model", "small-vgg");
        refused(4, "invalid", "--contract", labels);
    }

    @Test
    void contractsThatAreNotOfTheModel() throws IOException {
        String own = Files.readString(RUN.resolve(RunFolder.CONTRACT));
        Path other = temporary.resolve("other.json");
        String second =
                PreprocessContract.fromJson(own).withDecode(DecodeRule.SCALED).toJson();
        for (String foreign : List.of(
                second.replace("\"logits\"", "\"probabilities\""),
                second.replace("NCHW", "NHWC").replace("[1,12,12]", "[12,12,1]"))) {
            Files.writeString(other, foreign);
            refused(4, "which the networks of the trainer take and give", "--contract", other);
        }
        Files.writeString(other, second);
        CommandRun scaled = export("--contract", other);
        assertEquals(0, scaled.exitCode(), scaled.err());
        assertEquals(
                Files.readString(other),
                OnnxReader.read(model().resolve(ModelFolder.FP32)).metadata().get(PreprocessContract.METADATA_KEY));
    }

    @Test
    void optionsThatMakeNoSense() throws IOException {
        refused(2, "neither --labels nor --contract");
        refused(2, "one of both", "--labels", labels, "--contract", RUN.resolve(RunFolder.CONTRACT));
        refused(2, "a run alone", RUN, "--labels", labels);
        refused(2, "the model 'x'", "--labels", labels, "--model", "x");
        Map<String, Integer> before = Folders.content(temporary);
        for (Object[] arguments : new Object[][] {
            {"export", "--out", model()},
            {"export", "--out", model(), "--labels", labels, "--weights", WEIGHTS},
            {"export", "--out", model(), "--labels", labels, "--model", "bar-cnn"},
        }) {
            CommandRun command = CommandRun.of(arguments);
            assertEquals(2, command.exitCode(), command.err());
            assertTrue(command.err().contains("a run, or --model, --weights and one of"), command.err());
        }
        assertEquals(before, Folders.content(temporary));
    }

    private void refused(int exitCode, String said, Object... more) throws IOException {
        List<Object> arguments = new java.util.ArrayList<>(List.of("export", "--out", model()));
        List<Object> given = List.of(more);
        if (!given.contains("--model")) {
            arguments.addAll(List.of("--model", "bar-cnn"));
        }
        if (!given.contains("--weights")) {
            arguments.addAll(List.of("--weights", WEIGHTS));
        }
        arguments.addAll(given);
        Map<String, Integer> before = Folders.content(temporary);
        CommandRun command = CommandRun.of(arguments.toArray());
        assertEquals(exitCode, command.exitCode(), command.err());
        assertEquals(1, command.err().lines().count(), command.err());
        assertTrue(command.err().startsWith("error: ") && command.err().contains(said), command.err());
        assertEquals(before, Folders.content(temporary));
    }
}
