package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Origin;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.exporter.testing.ForeignNetwork;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.file.Sha256;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.model.Prediction;
import dev.glint.runtime.testing.PngFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of other tools become model folders that answer as they do. */
class ImportCommandTest {
    private static final String[] PICTURES = {
        "--color", "rgb", "--resize", "exact", "--scale", "1/255", "--mean", "0.5", "--std", "0.25"
    };

    @TempDir
    private Path temporary;

    private Path model() {
        return temporary.resolve("model");
    }

    private Path labels(int classes) throws IOException {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < classes; i++) {
            names.add("class " + i);
        }
        return Files.write(temporary.resolve("labels.txt"), names);
    }

    private CommandRun importing(Path file, Path labels, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("import", file, "--out", model(), "--labels", labels));
        arguments.addAll(Arrays.asList(PICTURES));
        arguments.addAll(Arrays.asList(more));
        return CommandRun.of(arguments.toArray());
    }

    private void imported(ForeignNetwork network, int classes, Object... more) throws IOException {
        CommandRun run = importing(network.write(temporary.resolve("net.onnx")), labels(classes), more);
        assertEquals(0, run.exitCode(), run.err());
    }

    private PreprocessContract contract() {
        return PreprocessContract.fromMetadata(
                OnnxReader.read(model().resolve(ModelFolder.FP32)).metadata()::get);
    }

    private static Image picture(long seed) {
        byte[] samples = new byte[ForeignNetwork.SIDE * ForeignNetwork.SIDE * 3];
        new Random(seed).nextBytes(samples);
        return new Image(ForeignNetwork.SIDE, ForeignNetwork.SIDE, Image.Mode.RGB, samples);
    }

    /** What the file says, run as it is, and what the imported model's probabilities are. */
    private void assertProbabilities(ForeignNetwork network, double[] expected) {
        try (Classifier classifier = Classifier.open(model())) {
            Prediction prediction = classifier.classify(picture(1), expected.length);
            double[] found = new double[expected.length];
            prediction.candidates().forEach(candidate -> found[candidate.index()] = candidate.probability());
            assertArrayEquals(expected, found, 1e-5);
        }
    }

    private float[] original(ForeignNetwork network) {
        OnnxModel model = network.model(13);
        Preprocessor preprocessor = new Preprocessor(contract());
        FloatBuffer tensor = (FloatBuffer) preprocessor.allocateTensor(1);
        preprocessor.preprocess(picture(1), tensor);
        try (OnnxSession session = OnnxSession.open(model, 1)) {
            return session.run(tensor.flip(), 1, 3, ForeignNetwork.SIDE, ForeignNetwork.SIDE)
                    .values()
                    .iterator()
                    .next();
        }
    }

    private static double[] doubles(float... values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    @Test
    void probabilitiesAreNotSoftenedTwice() throws IOException {
        ForeignNetwork network = ForeignNetwork.planes(4).then("Softmax", Map.of());
        imported(network, 4);
        assertEquals(OutputKind.LOGITS, contract().output());
        assertProbabilities(network, doubles(original(network)));
    }

    @Test
    void logarithmsOfProbabilitiesAreLogits() throws IOException {
        ForeignNetwork network = ForeignNetwork.planes(4).then("LogSoftmax", Map.of());
        imported(network, 4);
        double[] expected = doubles(original(network));
        for (int i = 0; i < expected.length; i++) {
            expected[i] = Math.exp(expected[i]);
        }
        assertProbabilities(network, expected);
    }

    @Test
    void sigmoidsAreProbabilitiesOfTheirOwn() throws IOException {
        ForeignNetwork network = ForeignNetwork.planes(3).then("Sigmoid", Map.of());
        imported(network, 3);
        assertEquals(OutputKind.INDEPENDENT_LOGITS, contract().output());
        assertProbabilities(network, doubles(original(network)));
    }

    @Test
    void oneSigmoidIsTheSecondOfTwoLabels() throws IOException {
        ForeignNetwork network = ForeignNetwork.planes(1).then("Sigmoid", Map.of());
        imported(network, 2);
        double second = original(network)[0];
        assertProbabilities(network, new double[] {1 - second, second});
    }

    @Test
    void oneValueIsWhatTheUserSaysItIs() throws IOException {
        ForeignNetwork network = ForeignNetwork.planes(1);
        Path file = network.write(temporary.resolve("net.onnx"));
        CommandRun unknown = importing(file, labels(2));
        assertEquals(2, unknown.exitCode(), unknown.err());
        assertTrue(unknown.err().contains("add --output-kind"), unknown.err());
        CommandRun run = importing(file, labels(2), "--output-kind", "logits");
        assertEquals(0, run.exitCode(), run.err());
        double second = 1 / (1 + Math.exp(-original(network)[0]));
        assertProbabilities(network, new double[] {1 - second, second});
    }

    @Test
    void oneProbabilityBecomesTwo() throws IOException {
        ForeignNetwork network =
                ForeignNetwork.planes(1).then("Sigmoid", Map.of()).then("Clip", Map.of());
        imported(network, 2, "--output-kind", "probabilities");
        assertEquals(OutputKind.PROBABILITIES, contract().output());
        double second = original(network)[0];
        assertProbabilities(network, new double[] {1 - second, second});
    }

    @Test
    void theOneOutputWithAValuePerLabelIsTaken() throws IOException {
        ForeignNetwork network = ForeignNetwork.sized(
                        4, new Dimension.Free("N"), ForeignNetwork.fixed(8), ForeignNetwork.fixed(8))
                .then("Relu", Map.of())
                .output(
                        new Dimension.Free("N"),
                        ForeignNetwork.fixed(3),
                        ForeignNetwork.fixed(8),
                        ForeignNetwork.fixed(8))
                .network()
                .output(new Dimension.Free("N"), ForeignNetwork.fixed(4));
        imported(network, 4);
        assertEquals(
                1,
                OnnxReader.read(model().resolve(ModelFolder.FP32))
                        .graph()
                        .outputs()
                        .size());
    }

    @Test
    void sizesThatTheFileLeavesFreeAreSaid() throws IOException {
        ForeignNetwork network = ForeignNetwork.sized(
                        4, new Dimension.Free("N"), new Dimension.Free("H"), new Dimension.Free("W"))
                .network();
        Path file = network.write(temporary.resolve("net.onnx"));
        CommandRun unknown = importing(file, labels(4));
        assertEquals(2, unknown.exitCode(), unknown.err());
        assertTrue(unknown.err().contains("found no --size"), unknown.err());
        CommandRun run = importing(file, labels(4), "--size", "12x10");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(List.of(3, 10, 12), contract().shape());
    }

    @Test
    void pixelByPixelBecomesPlaneByPlane() throws IOException {
        imported(ForeignNetwork.pixels(4), 4);
        assertEquals(List.of(3, 8, 8), contract().shape());
        assertProbabilities(ForeignNetwork.pixels(4), probabilities(original(ForeignNetwork.planes(4))));
    }

    private static double[] probabilities(float[] logits) {
        return Prediction.probabilities(OutputKind.LOGITS, logits);
    }

    /** A softmax over the pictures of a batch is all ones for a single one, and something else for several. */
    @Test
    void picturesThatMeetInAFileAreTakenOneByOne() throws IOException {
        imported(ForeignNetwork.planes(4).then("Softmax", Map.of("axis", Attribute.integer(0))), 4);
        OnnxModel read = OnnxReader.read(model().resolve(ModelFolder.FP32));
        assertEquals(
                ForeignNetwork.fixed(1), read.graph().inputs().get(0).shape().get(0));
        assertTrue(CommandRun.of("inspect", model()).out().contains("for one picture at a time"));
        Path pictures = Files.createDirectory(temporary.resolve("pictures"));
        for (int i = 0; i < 40; i++) {
            Files.write(pictures.resolve(i + ".png"), PngFile.of(picture(i)));
        }
        CommandRun quantized = CommandRun.of("quantize", model(), "--calibration", pictures);
        assertEquals(0, quantized.exitCode(), quantized.err());
    }

    @Test
    void importingTwiceGivesTheSameBytes() throws IOException {
        ForeignNetwork network = ForeignNetwork.planes(4).then("Softmax", Map.of());
        imported(network, 4);
        byte[] first = Files.readAllBytes(model().resolve(ModelFolder.FP32));
        imported(network, 4, "--force");
        assertArrayEquals(first, Files.readAllBytes(model().resolve(ModelFolder.FP32)));
    }

    @Test
    void manifestAndInspectSayWhereItCameFrom() throws IOException {
        imported(ForeignNetwork.planes(4).then("Softmax", Map.of()).then("Identity", Map.of()), 4);
        Manifest manifest = Manifest.fromJson(Files.readString(model().resolve(ModelFolder.MANIFEST)));
        Origin origin = manifest.origin().orElseThrow();
        assertEquals("net.onnx", origin.file());
        assertEquals(Sha256.ofFile(temporary.resolve("net.onnx")), origin.sha256());
        assertEquals("elsewhere 2.0", origin.producer());
        assertEquals(13, origin.operatorSet());
        assertEquals(7, origin.nodesBefore());
        assertEquals(5, origin.nodesAfter());
        assertTrue(
                origin.steps().contains("Softmax at the end left to who reads the answers"), origin.steps()::toString);
        assertTrue(origin.proof().relativeDifference() <= 1e-4 && origin.proof().pictures() == 7);
        CommandRun inspected = CommandRun.of("inspect", model());
        assertTrue(
                inspected
                        .out()
                        .contains("imported from  net.onnx (elsewhere 2.0, operator set 13), 7 operators made 5"),
                inspected.out());
        assertTrue(CommandRun.of("inspect", model(), "--json").out().contains("\"origin\":{\"file\":\"net.onnx\""));
    }

    @Test
    void picturesOfTheUserAreComparedAndCalibrateWithoutLabels() throws IOException {
        Path pictures = Files.createDirectory(temporary.resolve("pictures"));
        for (int i = 0; i < 40; i++) {
            Files.write(pictures.resolve(i + ".png"), PngFile.of(picture(i)));
        }
        imported(ForeignNetwork.planes(4).then("Softmax", Map.of()), 4, "--pictures", pictures);
        Origin origin = Manifest.fromJson(Files.readString(model().resolve(ModelFolder.MANIFEST)))
                .origin()
                .orElseThrow();
        assertEquals(7 + 40, origin.proof().pictures());
        CommandRun quantized = CommandRun.of("quantize", model(), "--calibration", pictures);
        assertEquals(0, quantized.exitCode(), quantized.err());
        Manifest manifest = Manifest.fromJson(Files.readString(model().resolve(ModelFolder.MANIFEST)));
        assertEquals(2, manifest.variants().size());
        assertEquals(origin, manifest.origin().orElseThrow());
    }

    @Test
    void contractInAFileIsEnough() throws IOException {
        imported(ForeignNetwork.planes(4), 4);
        Path contract =
                Files.writeString(temporary.resolve("contract.json"), contract().toJson());
        byte[] bySaying = Files.readAllBytes(model().resolve(ModelFolder.FP32));
        CommandRun run = CommandRun.of(
                "import", temporary.resolve("net.onnx"), "--out", temporary.resolve("other"), "--contract", contract);
        assertEquals(0, run.exitCode(), run.err());
        assertArrayEquals(
                bySaying, Files.readAllBytes(temporary.resolve("other").resolve(ModelFolder.FP32)));
    }

    @Test
    void accuracyAndDriftComeFromLabelledPictures() throws IOException {
        Path data = temporary.resolve("data");
        for (int i = 0; i < 8; i++) {
            Path folder = Files.createDirectories(data.resolve("class " + i % 4));
            Files.write(folder.resolve(i + ".png"), PngFile.of(picture(i)));
        }
        imported(ForeignNetwork.planes(4), 4, "--data", data);
        Manifest manifest = Manifest.fromJson(Files.readString(model().resolve(ModelFolder.MANIFEST)));
        assertEquals(
                8, manifest.variants().get(0).tested().orElseThrow().accuracy().pictures());
        assertTrue(OnnxReader.read(model().resolve(ModelFolder.FP32)).metadata().containsKey("glint.drift"));
    }

    @Test
    void wordsThatLookLikeAnAxisAreAttributes() throws IOException {
        ForeignNetwork network = ForeignNetwork.planes(4).then("Softmax", Map.of("axis", Attribute.integer(1)));
        imported(network, 4);
        assertProbabilities(network, doubles(original(network)));
    }
}
