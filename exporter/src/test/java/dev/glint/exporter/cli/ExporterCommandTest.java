package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.exporter.testing.Folders;
import dev.glint.exporter.verify.Agreement;
import dev.glint.exporter.verify.IntegerCoverage;
import dev.glint.exporter.verify.IntegerCoverage.Share;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.quantize.Decisions;
import dev.glint.onnx.quantize.calibrate.Calibrator;
import dev.glint.onnx.testing.OnnxChecker;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.trainer.data.PictureFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExporterCommandTest {
    private static final Path RUN = BarRun.get().path();

    @TempDir
    private Path temporary;

    private Path model() {
        return temporary.resolve("model");
    }

    @Test
    void exportedModelIsCompleteAndAnswersAsTheRun() throws IOException {
        CommandRun export = CommandRun.of("export", RUN, "--out", model(), "--json");
        assertEquals(0, export.exitCode(), export.err());
        assertEquals(Set.of("fp32.onnx", "manifest.json"), names(model()));
        assertEquals(Set.of("model"), names(temporary), "nothing is left beside it");

        OnnxModel onnx = OnnxReader.read(model().resolve(ModelFolder.FP32));
        OnnxChecker.check(onnx);
        assertEquals("glint", onnx.producerName());
        assertEquals(17L, onnx.opsets().get(""));
        assertEquals(
                BarRun.get().contract(),
                PreprocessContract.fromJson(onnx.metadata().get(PreprocessContract.METADATA_KEY)));

        JsonObject json = JsonParser.parseString(export.out()).getAsJsonObject();
        assertEquals("glint.exporter.export/1", json.get("schema").getAsString());
        assertTrue(json.get("relativeDifference").getAsDouble() <= 1e-4);
        assertEquals(
                JsonParser.parseString(Files.readString(model().resolve(ModelFolder.MANIFEST))), json.get("manifest"));
        Variant fp32 = manifest().variant(ModelFolder.FP32).orElseThrow();
        assertEquals(Files.size(model().resolve(ModelFolder.FP32)), fp32.sizeBytes());
        assertEquals(400, fp32.tested().orElseThrow().accuracy().pictures());
        assertEquals(
                correct(model().resolve(ModelFolder.FP32)),
                fp32.tested().orElseThrow().accuracy().correct());
    }

    @Test
    void quantizedModelIsCloseSmallAndInTheManifest() throws IOException {
        export();
        CommandRun quantize =
                CommandRun.of("quantize", model(), "--calibration", RUN, "--samples", 100, "--max-drop", 1);
        assertEquals(0, quantize.exitCode(), quantize.err());
        assertEquals(Set.of("fp32.onnx", "int8.onnx", "manifest.json"), names(model()));
        OnnxChecker.check(Files.readAllBytes(model().resolve(ModelFolder.INT8)));
        assertLogitsClose();

        Variant int8 = manifest().variant(ModelFolder.INT8).orElseThrow();
        Variant.Quantization how = int8.quantization().orElseThrow();
        assertEquals(
                new Variant.Quantization(
                        "qdq-u8-s8-per-channel",
                        how.calibration(),
                        "bars training",
                        100,
                        1,
                        "float",
                        how.integers(),
                        how.decisions()),
                how);
        assertChosen(how, quantize.out());
        assertCoverage(how.integers().orElseThrow(), quantize.out());
        assertEquals(
                correct(model().resolve(ModelFolder.INT8)),
                int8.tested().orElseThrow().accuracy().correct());
        assertTrue(int8.dropPoints(manifest().variant(ModelFolder.FP32).orElseThrow())
                        .orElseThrow()
                <= 1);
        List<String> lines = quantize.out().lines().toList();
        assertTrue(lines.get(0).startsWith("variant"), quantize.out());
        assertTrue(lines.get(1).startsWith("fp32 ") && lines.get(2).startsWith("int8 "), quantize.out());
    }

    /** By held-out pictures, of all calibrators. */
    private static void assertChosen(Variant.Quantization how, String printed) {
        Decisions decisions = how.decisions().orElseThrow();
        Map<String, Double> tried = decisions.calibratorDecibels();
        assertEquals(Calibrator.candidates().stream().map(Calibrator::name).toList(), List.copyOf(tried.keySet()));
        assertEquals(decisions.calibrator(), how.calibration());
        assertEquals(Collections.max(tried.values()), tried.get(how.calibration()));
        assertTrue(printed.contains("int8 ranges: " + how.calibration() + " of 100 pictures"), printed);
    }

    @Test
    void calibratorIsTheOneThatIsNamed() throws IOException {
        export();
        CommandRun quantize = CommandRun.of(
                "quantize", model(), "--calibration", RUN, "--samples", 50, "--calibrator", "percentile=99.5");
        assertEquals(0, quantize.exitCode(), quantize.err());
        Variant.Quantization how = manifest()
                .variant(ModelFolder.INT8)
                .flatMap(Variant::quantization)
                .orElseThrow();
        assertEquals("percentile=99.5", how.calibration());
        assertEquals(
                Set.of("percentile=99.5"),
                how.decisions().orElseThrow().calibratorDecibels().keySet());
    }

    /**
     * Of 12x12 gray: 8 filters of 9 on 144 positions, 16 of 72 on 36 positions, both integer; 144 weights for 2 classes,
     * float, as are flatten and the linear layer. ONNX Runtime puts transpositions around.
     */
    private void assertCoverage(Variant.Integers integers, String printed) {
        IntegerCoverage coverage = integers.coverage();
        assertEquals(new Share(8 * 9 + 16 * 72, 8 * 9 + 16 * 72 + 288), coverage.weights());
        assertEquals(new Share(144 * 8 * 9 + 36 * 16 * 72, 144 * 8 * 9 + 36 * 16 * 72 + 288), coverage.multiplyAdds());
        assertTrue(coverage.nodes().integers() >= 4, coverage::toString);
        assertEquals(2, coverage.nodes().total() - coverage.nodes().integers(), "flatten and linear layer");
        assertEquals(2, coverage.conversions());
        assertEquals(
                List.of("it belongs to the head"),
                List.copyOf(integers.floatNodes().keySet()));
        assertTrue(printed.contains("int8 in integers: " + coverage), printed);
        assertTrue(printed.contains("int8 in float: 2 nodes, since it belongs to the head"), printed);
        CommandRun inspection = CommandRun.of("inspect", model().resolve(ModelFolder.INT8));
        assertTrue(inspection.out().contains(coverage.toString()), inspection.out());
        assertTrue(CommandRun.of("inspect", model().resolve(ModelFolder.FP32))
                .out()
                .contains("none, a float model"));
    }

    private void assertLogitsClose() {
        PictureSet pictures = BarRun.get().data().heldOut();
        double largest = 0;
        double error = 0;
        try (Classifier fp32 = Classifier.open(model().resolve(ModelFolder.FP32));
                Classifier int8 = Classifier.open(model().resolve(ModelFolder.INT8))) {
            for (int i = 0; i < 100; i++) {
                float[] expected = fp32.logits(pictures.picture(i));
                float[] actual = int8.logits(pictures.picture(i));
                for (int c = 0; c < expected.length; c++) {
                    largest = Math.max(largest, Math.abs(expected[c]));
                    error = Math.max(error, Math.abs(expected[c] - actual[c]));
                }
            }
        }
        assertTrue(error > 0, "the same model twice");
        assertTrue(error < 0.05 * largest, error + " of " + largest);
    }

    @Test
    void sameRunSameBytes() throws IOException {
        export();
        CommandRun.of("quantize", model(), "--calibration", RUN, "--samples", 50, "--seed", 3);
        Path again = temporary.resolve("again");
        CommandRun.of("export", RUN, "--out", again);
        CommandRun.of("quantize", again, "--calibration", RUN, "--samples", 50, "--seed", 3);
        for (String file : List.of(ModelFolder.FP32, ModelFolder.INT8)) {
            assertArrayEquals(Files.readAllBytes(model().resolve(file)), Files.readAllBytes(again.resolve(file)), file);
        }
        CommandRun.of("quantize", again, "--calibration", RUN, "--samples", 50, "--seed", 4);
        assertFalse(java.util.Arrays.equals(
                Files.readAllBytes(model().resolve(ModelFolder.INT8)),
                Files.readAllBytes(again.resolve(ModelFolder.INT8))));
    }

    @Test
    void picturesInFoldersCalibrateAndTest() throws IOException {
        export();
        Path pictures = temporary.resolve("pictures");
        PictureSet first = BarRun.get().data().heldOut().first(60);
        PictureFolder.write(pictures, first, BarRun.get().contract().labels(), done -> {});
        CommandRun untested = CommandRun.of("quantize", model(), "--calibration", pictures);
        assertEquals(0, untested.exitCode(), untested.err());
        Variant int8 = manifest().variant(ModelFolder.INT8).orElseThrow();
        assertTrue(int8.tested().isEmpty());
        assertEquals("pictures", int8.quantization().orElseThrow().source());
        assertEquals(
                "pictures, pictures held out from calibration",
                int8.agreement().orElseThrow().source());
        assertEquals(48, int8.quantization().orElseThrow().pictures(), "a fifth is held out");
        assertTrue(manifest().variant(ModelFolder.FP32).orElseThrow().tested().isPresent(), "what was known stays");

        CommandRun tested = CommandRun.of("quantize", model(), "--calibration", pictures, "--data", pictures, "--json");
        assertEquals(0, tested.exitCode(), tested.err());
        for (Variant variant : manifest().variants()) {
            assertEquals("pictures", variant.tested().orElseThrow().testSet());
            assertEquals(60, variant.tested().orElseThrow().accuracy().pictures());
        }
        JsonObject json = JsonParser.parseString(tested.out()).getAsJsonObject();
        assertEquals("glint.exporter.quantize/1", json.get("schema").getAsString());
    }

    @Test
    void integersAreComparedOnPicturesThatTheyWereNotCalibratedWith() throws IOException {
        export();
        Path pictures = temporary.resolve("pictures");
        PictureSet first = BarRun.get().data().heldOut().first(60);
        PictureFolder.write(pictures, first, BarRun.get().contract().labels(), done -> {});
        CommandRun quantize = CommandRun.of("quantize", model(), "--calibration", pictures, "--samples", 40);
        assertEquals(0, quantize.exitCode(), quantize.err());
        assertEquals("", quantize.err());
        Variant int8 = manifest().variant(ModelFolder.INT8).orElseThrow();
        Agreement agreement = int8.agreement().orElseThrow();
        assertEquals("pictures, pictures held out from calibration", agreement.source());
        assertEquals(20, agreement.pictures());
        assertTrue(agreement.isClose(), agreement::toString);
        assertTrue(quantize.out().contains("int8 " + agreement), quantize.out());
    }

    @Test
    void defaultIsWhatTheManifestSays() throws IOException {
        export();
        assertEquals(ModelFolder.FP32, manifest().byDefault().file());
        CommandRun quantize = CommandRun.of("quantize", model(), "--calibration", RUN, "--samples", 50);
        String chosen = manifest().byDefault().file();
        boolean faster = manifest()
                        .variant(ModelFolder.INT8)
                        .orElseThrow()
                        .latency()
                        .p50Nanos()
                < manifest().variant(ModelFolder.FP32).orElseThrow().latency().p50Nanos();
        assertEquals(faster ? ModelFolder.INT8 : ModelFolder.FP32, chosen, quantize.out());
        assertEquals(model().resolve(chosen), ModelFolder.select(model()));
        assertTrue(quantize.out().contains("runs by default: " + chosen + ", since "), quantize.out());
        assertEquals(
                "bars held-out, seed 1",
                manifest()
                        .variant(ModelFolder.INT8)
                        .orElseThrow()
                        .agreement()
                        .orElseThrow()
                        .source());
    }

    @Test
    void whatIsKnownOfTheFloatModelCountsForTheSamePicturesOnly() throws IOException {
        export();
        Path file = model().resolve(ModelFolder.MANIFEST);
        String honest = Files.readString(file);
        Tested tested = fp32Tested();
        int correct = tested.accuracy().correct();
        String sha256 = tested.testSetSha256().orElseThrow();
        String known = honest.replace("\"correct\": " + correct, "\"correct\": 7");
        String otherPictures = known.replace(sha256, sha256.replace('0', '1').replace('a', '0'));
        String older = known.replaceAll("\\s*\"testSetSha256\".*", "");
        Map<String, Integer> expected = Map.of(known, 7, otherPictures, correct, older, correct);
        assertEquals(3, expected.size());
        for (String before : expected.keySet()) {
            Files.writeString(file, before);
            CommandRun run = CommandRun.of("quantize", model(), "--calibration", RUN, "--samples", 20);
            assertEquals(0, run.exitCode(), run.err());
            assertEquals(expected.get(before), fp32Tested().accuracy().correct(), before);
            assertEquals(Optional.of(sha256), fp32Tested().testSetSha256());
        }
    }

    private Tested fp32Tested() throws IOException {
        return manifest().variant(ModelFolder.FP32).flatMap(Variant::tested).orElseThrow();
    }

    @Test
    void accuracyThatDropsTooFarIsNotWritten() throws IOException {
        export();
        Path wrong = temporary.resolve("wrong");
        PictureSet first = BarRun.get().data().heldOut().first(60);
        PictureFolder.write(wrong, first, List.of("vertical", "horizontal"), done -> {});
        Object[] command = {"quantize", model(), "--calibration", RUN, "--samples", 40, "--data", wrong};
        assertEquals(0, CommandRun.of(command).exitCode());
        Path file = model().resolve(ModelFolder.MANIFEST);
        int correct = fp32Tested().accuracy().correct();
        assertTrue(correct < 30, "labels the wrong way round");
        Files.writeString(file, Files.readString(file).replace("\"correct\": " + correct, "\"correct\": 60"));
        Map<String, Integer> before = Folders.content(temporary);
        CommandRun refused = CommandRun.of(
                Stream.concat(Stream.of(command), Stream.of("--max-drop", 5)).toArray());
        assertEquals(5, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains("an accuracy that dropped by"), refused.err());
        assertEquals(before, Folders.content(temporary));
        assertEquals(0, CommandRun.of(command).exitCode(), "the drop is the user's to judge");
    }

    @Test
    void modelThatIsThereIsReplacedOnlyWhenAsked() throws IOException {
        export();
        CommandRun.of("quantize", model(), "--calibration", RUN, "--samples", 20);
        Files.writeString(model().resolve("notes.txt"), "mine");
        CommandRun refused = CommandRun.of("export", RUN, "--out", model());
        assertEquals(3, refused.exitCode());
        assertTrue(refused.err().contains("add --force"), refused.err());
        assertTrue(names(model()).contains("int8.onnx"));

        CommandRun forced = CommandRun.of("export", RUN, "--out", model(), "--force");
        assertEquals(0, forced.exitCode(), forced.err());
        assertEquals(Set.of("fp32.onnx", "manifest.json", "notes.txt"), names(model()));
        assertEquals("mine", Files.readString(model().resolve("notes.txt")));
        assertEquals(Set.of("model"), names(temporary));
    }

    @Test
    void inspectionListsOperatorsAndContract() throws IOException {
        export();
        CommandRun.of("quantize", model(), "--calibration", RUN, "--samples", 20);
        CommandRun text = CommandRun.of("inspect", model().resolve("fp32.onnx"));
        assertTrue(text.out().contains("2 Conv, 1 Flatten, 1 Gemm, 2 MaxPool, 2 Relu"), text.out());
        assertTrue(text.out().contains("1538 FLOAT"), text.out());
        assertTrue(text.out().contains("horizontal, vertical"), text.out());
        JsonObject json = JsonParser.parseString(
                        CommandRun.of("inspect", model(), "--json").out())
                .getAsJsonObject();
        assertTrue(
                json.get("file").getAsString().endsWith(manifest().byDefault().file()), "what runs by default");
        JsonObject small = JsonParser.parseString(CommandRun.of("inspect", model().resolve("int8.onnx"), "--json")
                        .out())
                .getAsJsonObject();
        assertEquals(5, small.getAsJsonObject("operators").get("QuantizeLinear").getAsInt());
    }

    private void export() {
        CommandRun export = CommandRun.of("export", RUN, "--out", model());
        assertEquals(0, export.exitCode(), export.err());
    }

    private Manifest manifest() throws IOException {
        return Manifest.fromJson(Files.readString(model().resolve(ModelFolder.MANIFEST)));
    }

    private static int correct(Path model) {
        PictureSet pictures = BarRun.get().data().heldOut();
        int correct = 0;
        try (Classifier classifier = Classifier.open(model)) {
            for (int i = 0; i < pictures.size(); i++) {
                Image picture = pictures.picture(i);
                correct += classifier.classify(picture, 1).top().index() == pictures.label(i) ? 1 : 0;
            }
        }
        return correct;
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
