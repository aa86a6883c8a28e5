package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    void theLastHolderFreesTheSession() throws Exception {
        OrtSession session = OnnxRuntime.environment().createSession(tiny().toString());
        SharedSession shared = new SharedSession(session);
        shared.retain();
        shared.release();
        assertEquals(1, session.getNumInputs());
        session.getInputInfo();

        shared.release();

        assertThrows(IllegalStateException.class, session::getInputInfo);
        assertThrows(IllegalStateException.class, shared::retain);
        assertThrows(IllegalStateException.class, shared::release);
    }

    @Test
    void aSecondTensorThatFailsTakesTheFirstWithIt() {
        List<OnnxTensor> made = new ArrayList<>();
        OrtException failure = new OrtException("no room");
        OrtException e = assertThrows(
                OrtException.class,
                () -> new Tensors(TinyModel.contract(), new Signature("input", "logits"), (buffer, shape) -> {
                    if (!made.isEmpty()) {
                        assertFalse(made.get(0).isClosed());
                        throw failure;
                    }
                    made.add(OnnxTensor.createTensor(OnnxRuntime.environment(), buffer, shape));
                    return made.get(0);
                }));

        assertSame(failure, e);
        assertTrue(made.get(0).isClosed());
    }

    private Path tiny() throws IOException {
        return TinyModel.write(folder.resolve("tiny.onnx"));
    }
}
