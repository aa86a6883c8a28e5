package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.exporter.testing.Folders;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.golden.EngineReplay;
import dev.glint.runtime.golden.GoldenSample;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFolder;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden samples inside exported models. */
class GoldenTest {
    private static final Path RUN = BarRun.get().path();

    @TempDir
    private Path temporary;

    private Path model;

    @BeforeEach
    void export() {
        model = temporary.resolve("model");
        succeed("export", RUN, "--out", model);
    }

    private static void succeed(Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertEquals(0, run.exitCode(), run.err());
    }

    private GoldenSamples golden(String file) {
        return GoldenSamples.read(model.resolve(file)).orElseThrow();
    }

    private static List<String> names(GoldenSamples golden) {
        return golden.samples().stream().map(GoldenSample::name).toList();
    }

    private static List<EngineReplay> replay(Path file) {
        return EngineReplay.all(file, Model.Options.defaults());
    }

    private static void requireHolding(Path file) {
        EngineReplay.require(file, replay(file));
    }

    @Test
    void modelsCarryPicturesOfAllFormatsThatHold() {
        succeed("quantize", model, "--calibration", RUN, "--samples", 50);

        for (String file : List.of(ModelFolder.FP32, ModelFolder.INT8)) {
            requireHolding(model.resolve(file));
            List<ImageInfo> headers = golden(file).samples().stream()
                    .map(sample -> ImageDecoder.probe(sample.picture(), DecodeOptions.defaults()))
                    .toList();
            assertEquals(
                    Set.of(ImageFormat.values()),
                    headers.stream().map(ImageInfo::format).collect(Collectors.toSet()));
            assertEquals(
                    Set.of("RGB", "RGBA", "L", "I"),
                    headers.stream().map(ImageInfo::mode).collect(Collectors.toSet()));
            assertTrue(headers.stream().anyMatch(header -> header.orientation() == 6));
            int bytes = golden(file).samples().stream()
                    .mapToInt(sample -> sample.picture().length)
                    .sum();
            assertTrue(bytes < 8_000, bytes + " bytes");
        }
        assertTrue(
                golden(ModelFolder.INT8).tolerance()
                        > 10 * golden(ModelFolder.FP32).tolerance(),
                "integers tip over");
    }

    @Test
    void bothKindsOfJpegAreThere() {
        Set<Integer> frames = golden(ModelFolder.FP32).samples().stream()
                .filter(sample -> sample.name().endsWith(".jpg"))
                .map(sample -> startOfFrame(sample.picture()))
                .collect(Collectors.toSet());

        assertEquals(Set.of(0xc0, 0xc2), frames, "baseline and progressive");
    }

    private static int startOfFrame(byte[] jpeg) {
        int at = 2;
        while ((jpeg[at + 1] & 0xff) != 0xc0 && (jpeg[at + 1] & 0xff) != 0xc2) {
            at += 2 + ((jpeg[at + 2] & 0xff) << 8 | jpeg[at + 3] & 0xff);
        }
        return jpeg[at + 1] & 0xff;
    }

    @Test
    void picturesOfAFolderTakeTheirPlaceAndStay() throws IOException {
        Path pictures = Files.createDirectories(temporary.resolve("pictures/deeper"));
        Files.write(pictures.resolve("b.png"), PngFile.of(SyntheticPictures.noise(9, 5, Mode.RGB)));
        Files.write(pictures.resolveSibling("a.png"), PngFile.of(SyntheticPictures.noise(5, 9, Mode.GRAY)));

        succeed("export", RUN, "--out", model, "--force", "--golden", temporary.resolve("pictures"));
        succeed("quantize", model, "--calibration", RUN, "--samples", 50);

        assertEquals(List.of("a.png", "deeper/b.png"), names(golden(ModelFolder.FP32)));
        assertEquals(List.of("a.png", "deeper/b.png"), names(golden(ModelFolder.INT8)));
        requireHolding(model.resolve(ModelFolder.INT8));
        succeed("quantize", model, "--calibration", RUN, "--samples", 50, "--golden", pictures);
        assertEquals(List.of("b.png"), names(golden(ModelFolder.INT8)));
    }

    @Test
    void foldersThatCannotTravelAreRefused() throws IOException {
        Path pictures = Files.createDirectories(temporary.resolve("pictures"));
        byte[] noise = PngFile.of(SyntheticPictures.noise(4, 4, Mode.RGB));
        for (int i = 0; i <= GoldenSamples.MAX_SAMPLES; i++) {
            Files.write(pictures.resolve(i + ".png"), noise);
        }
        Map<String, Integer> before = Folders.content(model);

        CommandRun many = CommandRun.of("export", RUN, "--out", model, "--force", "--golden", pictures);
        Files.delete(pictures.resolve("0.png"));
        Files.writeString(pictures.resolve("1.png"), "no picture");
        CommandRun broken = CommandRun.of("export", RUN, "--out", model, "--force", "--golden", pictures);

        assertEquals(3, many.exitCode());
        assertTrue(many.err().startsWith("error: " + pictures + ": found 33 pictures of "), many.err());
        assertEquals(3, broken.exitCode());
        assertTrue(broken.err().startsWith("error: 1.png: found a text file"), broken.err());
        assertEquals(before, Folders.content(model), "nothing was written");
    }

    @Test
    void weightsThatAreOffByAPercentAreFound() throws IOException {
        Path file = model.resolve(ModelFolder.FP32);
        OnnxModel sound = OnnxReader.read(file);
        Map<String, Tensor> initializers = new LinkedHashMap<>(sound.graph().initializers());
        Map.Entry<String, Tensor> weights = initializers.entrySet().stream()
                .filter(entry -> entry.getValue().shape().size() == 4)
                .findFirst()
                .orElseThrow();
        float[] values = weights.getValue().toFloats();
        for (int i = 0; i < values.length; i++) {
            values[i] *= 1.01f;
        }
        initializers.put(weights.getKey(), Tensor.floats(weights.getValue().shape(), values));

        write(file, sound, sound.graph().nodes(), initializers);

        assertDiffers(file);
    }

    /** What the rounding of a kernel in fixed point would do that forgets to round. */
    @Test
    void integersThatAreOffByAStepEverywhereAreFound() throws IOException {
        succeed("quantize", model, "--calibration", RUN, "--samples", 50);
        Path file = model.resolve(ModelFolder.INT8);
        OnnxModel sound = OnnxReader.read(file);
        Map<String, Tensor> initializers = new LinkedHashMap<>(sound.graph().initializers());
        List<Node> nodes = new ArrayList<>();
        for (Node node : sound.graph().nodes()) {
            if (node.op().equals("QuantizeLinear")) {
                Tensor zero = initializers.get(node.inputs().get(2));
                byte[] next = zero.data().clone();
                next[0]++;
                initializers.put(node.name() + "_next", new Tensor(ElementType.UINT8, zero.shape(), next));
                nodes.add(new Node(
                        node.name(),
                        node.domain(),
                        node.op(),
                        List.of(node.inputs().get(0), node.inputs().get(1), node.name() + "_next"),
                        node.outputs(),
                        node.attributes()));
            } else {
                nodes.add(node);
            }
        }

        write(file, sound, nodes, initializers);

        assertDiffers(file);
    }

    private static void write(Path file, OnnxModel sound, List<Node> nodes, Map<String, Tensor> initializers)
            throws IOException {
        Files.write(file, OnnxWriter.write(sound.withGraph(sound.graph().withNodes(nodes, initializers))));
    }

    private static void assertDiffers(Path file) {
        GlintException failure = assertThrows(GlintException.class, () -> requireHolding(file));
        assertEquals(Reason.GATE, failure.reason());
        assertTrue(failure.getMessage().contains("golden samples that differ in ort ("), failure.getMessage());
    }

    /** Another way to the same numbers: integers computed in floats, convolutions in another layout. */
    @Test
    void anotherWayToTheSameNumbersHolds() throws IOException, OrtException {
        succeed("quantize", model, "--calibration", RUN, "--samples", 50);
        PreprocessContract contract = BarRun.get().contract();
        long[] shape = {1, contract.channels(), contract.height(), contract.width()};
        for (String file : List.of(ModelFolder.FP32, ModelFolder.INT8)) {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions plain = new OrtSession.SessionOptions()) {
                plain.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
                try (OrtSession session =
                        environment.createSession(model.resolve(file).toString(), plain)) {
                    for (GoldenSample sample : golden(file).samples()) {
                        FloatBuffer tensor = ByteBuffer.allocateDirect(contract.tensorSize() * Float.BYTES)
                                .order(ByteOrder.nativeOrder())
                                .asFloatBuffer();
                        new Preprocessor(contract).preprocess(sample.decode(contract), tensor);
                        try (OnnxTensor input = OnnxTensor.createTensor(environment, tensor.flip(), shape);
                                OrtSession.Result result = session.run(Map.of(contract.inputName(), input))) {
                            float[] found = ((float[][]) result.get(0).getValue())[0];
                            for (int c = 0; c < found.length; c++) {
                                assertEquals(
                                        sample.logits()[c],
                                        found[c],
                                        golden(file).tolerance());
                            }
                        }
                    }
                }
            }
        }
    }

    @Test
    void olderModelsGetTheirsAndNothingElse() throws IOException {
        succeed("quantize", model, "--calibration", RUN, "--samples", 50);
        Manifest honest = manifest();
        List<byte[]> complete = new ArrayList<>();
        String text = honest.toJson();
        for (Variant variant : honest.variants()) {
            Path file = model.resolve(variant.file());
            complete.add(Files.readAllBytes(file));
            OnnxModel read = OnnxReader.read(file);
            Map<String, String> older = new LinkedHashMap<>(read.metadata());
            older.remove(GoldenSamples.METADATA_KEY);
            Files.write(
                    file,
                    OnnxWriter.write(new OnnxModel(
                            read.graph(), read.producerName(), read.producerVersion(), read.opsets(), older)));
            assertThrows(GlintException.class, () -> replay(file));
            text = text.replace(variant.sha256(), Variant.sha256(file));
        }
        Files.writeString(model.resolve(ModelFolder.MANIFEST), text);

        succeed("golden", model);

        assertEquals(honest, manifest());
        for (int i = 0; i < complete.size(); i++) {
            byte[] now =
                    Files.readAllBytes(model.resolve(honest.variants().get(i).file()));
            assertTrue(
                    Arrays.equals(complete.get(i), now),
                    honest.variants().get(i).file());
        }
    }

    @Test
    void foldersThatAreNotWhatTheirManifestSaysAreRefused() throws IOException {
        Path file = model.resolve(ModelFolder.FP32);
        OnnxModel read = OnnxReader.read(file);
        Files.write(file, OnnxWriter.write(read.withMetadata("note", "changed")));

        CommandRun changed = CommandRun.of("golden", model);
        Files.delete(model.resolve(ModelFolder.MANIFEST));
        CommandRun without = CommandRun.of("golden", model);

        assertEquals(4, changed.exitCode());
        assertTrue(
                changed.err().startsWith("error: " + file + ": found another file than the manifest's"), changed.err());
        assertEquals(4, without.exitCode());
        assertTrue(without.err().startsWith("error: " + model + ": found no manifest.json"), without.err());
    }

    private Manifest manifest() throws IOException {
        return Manifest.fromJson(Files.readString(model.resolve(ModelFolder.MANIFEST)));
    }
}
