package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.ElementType;
import dev.glint.runtime.contract.Layout;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.decode.raw.PixelFormat;
import dev.glint.runtime.decode.raw.RawPixels;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.testing.ForeignModel;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs hand to a classifier, and what they get to know beside the answer. */
class WaysInTest {
    private static final Image NOISE = SyntheticPictures.noise(19, 30, Image.Mode.RGB);

    @TempDir
    private Path folder;

    @Test
    void theSameAnswerWhicheverWayAPictureComesIn() throws IOException {
        byte[] png = PngFile.of(NOISE);
        Path file = Files.write(folder.resolve("noise.png"), png);
        try (Classifier classifier = Classifier.open(tiny());
                InputStream stream = new ByteArrayInputStream(png)) {
            Prediction expected = classifier.classify(NOISE, 3);

            assertEquals(expected, classifier.classify(file, 3));
            assertEquals(expected, classifier.classify(png, 3));
            assertEquals(expected, classifier.classify(stream, 3));
            assertEquals(-1, stream.read());
            assertEquals(expected, classifier.classify(new RawPixels(PixelFormat.RGB, 19, 30, NOISE.samples()), 3));
        }
    }

    @Test
    void whatCannotBeDecodedIsSaid() throws IOException {
        try (Classifier classifier = Classifier.open(tiny())) {
            byte[] text = {'t', 'e', 'x', 't'};
            GlintException ofBytes = assertThrows(GlintException.class, () -> classifier.classify(text, 1));
            assertEquals(Reason.INPUT, ofBytes.reason());
            GlintException ofStream =
                    assertThrows(GlintException.class, () -> classifier.classify(new ByteArrayInputStream(text), 1));
            assertTrue(ofStream.getMessage().startsWith("the stream: found a text file"), ofStream.getMessage());
        }
    }

    @Test
    void saysWhatEachPartTook() throws IOException {
        try (Classifier classifier = Classifier.open(tiny())) {
            assertEquals(new Timings(0, 0, 0), classifier.timings());
            classifier.classify(PngFile.of(NOISE), 1);
            Timings ofFile = classifier.timings();
            assertTrue(
                    ofFile.decodeNanos() > 0 && ofFile.preprocessNanos() > 0 && ofFile.runNanos() > 0,
                    ofFile::toString);
            classifier.classify(NOISE, 1);
            Timings ofImage = classifier.timings();
            assertEquals(0, ofImage.decodeNanos());
            assertTrue(ofImage.preprocessNanos() > 0 && ofImage.runNanos() > 0, ofImage::toString);
        }
    }

    /** A batch that is filled, one that is filled twice and what is left over, and none at all. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50})
    void batchesAnswerAsSinglePicturesDo(int batch) throws IOException {
        List<Image> pictures = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            pictures.add(SyntheticPictures.noise(3 * i, 40 - i, Image.Mode.RGB));
        }
        for (Path file : List.of(
                tiny(),
                new ForeignModel(Layout.NHWC, ColorSpace.BGR, ElementType.UINT8, OutputKind.PROBABILITIES)
                        .write(folder.resolve("foreign.onnx")))) {
            try (Model model = Model.open(file);
                    Classifier single = model.newClassifier();
                    Classifier several = model.newClassifier(batch)) {
                List<Prediction> expected = pictures.stream()
                        .map(picture -> single.classify(picture, 3))
                        .toList();

                List<Prediction> found = several.classifyAll(pictures, 3);

                for (int i = 0; i < pictures.size(); i++) {
                    for (int c = 0; c < 3; c++) {
                        Prediction.Candidate one = expected.get(i).candidates().get(c);
                        Prediction.Candidate other = found.get(i).candidates().get(c);
                        assertEquals(one.label(), other.label());
                        assertEquals(one.probability(), other.probability(), 1e-6);
                    }
                }
                assertEquals(7, found.size());
                Timings all = several.timings();
                assertTrue(all.preprocessNanos() > 0 && all.runNanos() > 0, all::toString);
                assertEquals(List.of(), several.classifyAll(List.of(), 1));
                assertEquals(found.get(6), several.classify(pictures.get(6), 3), "and one alone");
            }
        }
    }

    @Test
    void fullBatchesGoThroughTheModelTogether() throws IOException {
        List<Integer> batches = new ArrayList<>();
        try (Model model = Model.open(tiny(), Model.Options.defaults().withEngines(List.of(counting(batches))));
                Classifier classifier = model.newClassifier(3)) {
            classifier.classifyAll(List.of(NOISE, NOISE, NOISE, NOISE, NOISE, NOISE, NOISE, NOISE), 1);
        }
        assertEquals(List.of(3, 3, 1, 1), batches);
        assertThrows(IllegalArgumentException.class, () -> {
            try (Model model = Model.open(tiny())) {
                model.newClassifier(0);
            }
        });
    }

    @Test
    void aModelForOnePictureTakesThemOneByOne() throws IOException {
        ModelProto.Builder fixed = TinyModel.model();
        fixed.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimValue(1);
        Path file = Files.write(folder.resolve("fixed.onnx"), fixed.build().toByteArray());
        List<Integer> batches = new ArrayList<>();
        try (Model model = Model.open(file, Model.Options.defaults().withEngines(List.of(counting(batches))));
                Classifier classifier = model.newClassifier(2)) {
            assertEquals(2, classifier.classifyAll(List.of(NOISE, NOISE), 1).size());
        }
        assertEquals(List.of(1, 1), batches);
    }

    private Path tiny() throws IOException {
        return TinyModel.write(folder.resolve("tiny.onnx"));
    }

    /** ONNX Runtime, which notes how many pictures each run had. */
    private static Engine counting(List<Integer> batches) {
        OnnxRuntimeEngine engine = new OnnxRuntimeEngine();
        return new Engine() {
            @Override
            public String name() {
                return engine.name();
            }

            @Override
            public Optional<String> refusal(OnnxFile onnx, Signature signature) {
                return engine.refusal(onnx, signature);
            }

            @Override
            public Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options) {
                Session session = engine.open(file, onnx, signature, options);
                return new Session() {
                    @Override
                    public Binding bind(int batch) {
                        return new CountingBinding(session.bind(batch), batch, batches);
                    }

                    @Override
                    public void close() {
                        session.close();
                    }
                };
            }
        };
    }

    private record CountingBinding(Binding binding, int batch, List<Integer> batches) implements Binding {
        @Override
        public FloatBuffer input() {
            return binding.input();
        }

        @Override
        public void run() {
            batches.add(batch);
            binding.run();
        }

        @Override
        public FloatBuffer output() {
            return binding.output();
        }

        @Override
        public void close() {
            binding.close();
        }
    }
}
