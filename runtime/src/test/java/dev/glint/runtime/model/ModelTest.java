package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTest {
    private static final Image PICTURE = SyntheticPictures.noise(9, 9, Image.Mode.RGB);

    @TempDir
    private Path folder;

    @Test
    void itsClassifiersAnswerAlikeOnManyThreads() throws Exception {
        List<Image> pictures = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            pictures.add(SyntheticPictures.noise(i, 51 - i, Image.Mode.RGB));
        }
        try (Model model = Model.open(tiny())) {
            List<float[]> expected = logits(model, pictures);
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<List<float[]>>> answers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    answers.add(threads.submit(() -> logits(model, pictures)));
                }
                for (Future<List<float[]>> answer : answers) {
                    for (int i = 0; i < expected.size(); i++) {
                        assertArrayEquals(expected.get(i), answer.get().get(i));
                    }
                }
            } finally {
                threads.shutdown();
            }
        }
    }

    private static List<float[]> logits(Model model, List<Image> pictures) {
        try (Classifier classifier = model.newClassifier()) {
            return pictures.stream().map(classifier::logits).toList();
        }
    }

    @Test
    void itsClassifiersOutliveIt() throws IOException {
        Model model = Model.open(tiny());
        Classifier first = model.newClassifier();
        Classifier second = model.newClassifier();
        float[] expected = first.logits(PICTURE);
        first.close();
        model.close();
        model.close();

        assertArrayEquals(expected, second.logits(PICTURE));
        assertThrows(IllegalStateException.class, model::newClassifier);
        second.close();
    }

    @Test
    void namesTheFileThatWasChosenInAFolder() throws IOException {
        TinyModel.write(folder.resolve(ModelFolder.FP32));
        try (Model model = Model.open(folder)) {
            assertEquals(folder.resolve(ModelFolder.FP32), model.file());
            assertEquals(TinyModel.contract(), model.contract());
            assertEquals(TinyModel.contract().decodeOptions(), model.contract().decodeOptions());
        }
    }

    @Test
    void opensBytesThatLieNowhere() throws IOException {
        byte[] bytes = Files.readAllBytes(tiny());
        try (Model ofFile = Model.open(tiny());
                Model ofBytes = Model.open(bytes);
                Classifier one = ofFile.newClassifier();
                Classifier other = ofBytes.newClassifier()) {
            Arrays.fill(bytes, (byte) 0);
            assertArrayEquals(one.logits(PICTURE), other.logits(PICTURE));
            assertEquals(ofFile.contract(), ofBytes.contract());
            assertEquals(ModelFile.IN_MEMORY, ofBytes.file());
        }
        for (byte[] none : new byte[][] {{}, {'n', 'o', 'n', 'e'}, bytes}) {
            GlintException e = assertThrows(GlintException.class, () -> Model.open(none));
            assertEquals(GlintException.Reason.MODEL, e.reason());
            assertTrue(e.getMessage().startsWith("the model in memory: found no ONNX model"), e.getMessage());
        }
    }

    @Test
    void theLastHolderFreesTheSession() {
        AtomicInteger closed = new AtomicInteger();
        SharedSession shared = new SharedSession(new Session() {
            @Override
            public Binding bind(int batch) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        });
        shared.retain();
        shared.release();
        assertEquals(0, closed.get());

        shared.release();

        assertEquals(1, closed.get());
        assertThrows(IllegalStateException.class, shared::retain);
        assertThrows(IllegalStateException.class, shared::release);
    }

    @Test
    void theFirstEngineThatTakesItRunsIt() throws IOException {
        try (Model model = Model.open(tiny(), options(refusing("own"), new OnnxRuntimeEngine()))) {
            assertEquals("ort", model.engine().name());
        }
        GlintException e = assertThrows(GlintException.class, () -> Model.open(tiny(), options(refusing("own"))));
        assertEquals(GlintException.Reason.MODEL, e.reason());
        assertTrue(
                e.getMessage().contains("found a model that no engine here runs (own: operator Gemm)"), e.getMessage());
    }

    /** What cannot start is no reason to give up where another engine runs the model. */
    @Test
    void anEngineThatCannotStartIsPassedOver() throws IOException {
        GlintException unable = GlintException.failure(GlintException.Reason.INPUT, "no library", "one", "install it");
        Engine absent = engine("absent", Optional.empty(), unable);
        try (Model model = Model.open(tiny(), options(absent, new OnnxRuntimeEngine()))) {
            assertEquals("ort", model.engine().name());
        }
        GlintException e = assertThrows(
                GlintException.class, () -> Model.open(tiny(), options(refusing("own"), absent, refusing("other"))));
        assertEquals(GlintException.Reason.INPUT, e.reason());
        GlintException broken = GlintException.failure(GlintException.Reason.MODEL, "nonsense", "sense", "export it");
        Engine strict = engine("strict", Optional.empty(), broken);
        e = assertThrows(GlintException.class, () -> Model.open(tiny(), options(strict, new OnnxRuntimeEngine())));
        assertEquals(GlintException.Reason.MODEL, e.reason());
    }

    private static Model.Options options(Engine... engines) {
        return Model.Options.defaults().withEngines(List.of(engines));
    }

    private static Engine refusing(String name) {
        return engine(name, Optional.of("operator Gemm"), new UnsupportedOperationException());
    }

    private static Engine engine(String name, Optional<String> refusal, RuntimeException failure) {
        return new Engine() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<String> refusal(OnnxFile onnx, Signature signature) {
                return refusal;
            }

            @Override
            public Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options) {
                throw failure;
            }
        };
    }

    private Path tiny() throws IOException {
        return TinyModel.write(folder.resolve("tiny.onnx"));
    }
}
