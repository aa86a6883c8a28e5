package dev.glint.runtime.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTest {
    @TempDir
    Path folder;

    @Test
    void namesTheColorOfAPictureFile() throws IOException {
        Path picture = folder.resolve("picture.png");
        Files.write(picture, PngFile.of(colored(20, 30, 10, 200, 60)));
        try (Classifier classifier = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")))) {
            Prediction prediction = classifier.classify(picture, 2);
            assertEquals(
                    List.of("green", "blue"),
                    prediction.candidates().stream()
                            .map(Prediction.Candidate::label)
                            .toList());
            double[] e = {Math.exp(4 * 10 / 255.0), Math.exp(4 * 200 / 255.0), Math.exp(4 * 60 / 255.0)};
            assertEquals(e[1] / (e[0] + e[1] + e[2]), prediction.top().probability(), 1e-6);
        }
    }

    @Test
    void givesTheSameLogitsForAPictureAndItsTensor() throws IOException {
        Image noise = SyntheticPictures.noise(37, 21, Mode.RGB);
        try (Classifier classifier = Classifier.open(TinyModel.write(folder.resolve("tiny.onnx")))) {
            FloatBuffer tensor = FloatBuffer.allocate(2 + classifier.contract().tensorSize());
            tensor.position(2);
            new Preprocessor(classifier.contract()).preprocess(noise, tensor);
            tensor.position(2);
            float[] fromTensor = classifier.logits(tensor);
            assertEquals(2, tensor.position());
            classifier.logits(colored(8, 8, 255, 0, 0));
            assertArrayEquals(fromTensor, classifier.logits(noise));
        }
    }

    @Test
    void opensTheQuantisedVariantOfAFolder() throws IOException {
        TinyModel.write(folder.resolve(ModelFolder.FP32));
        assertEquals(folder.resolve(ModelFolder.FP32), ModelFolder.select(folder));
        TinyModel.write(folder.resolve(ModelFolder.INT8));
        assertEquals(folder.resolve(ModelFolder.INT8), ModelFolder.select(folder));
        try (Classifier classifier = Classifier.open(folder)) {
            assertEquals(TinyModel.contract(), classifier.contract());
        }
    }

    @Test
    void refusesWhatIsNoModelAndSaysWhichFile() throws IOException {
        Path text = folder.resolve("text.onnx");
        Files.writeString(text, "not a model");
        refused(text, "ONNX Runtime refuses");
        refused(folder.resolve("absent.onnx"), "no readable file");
        refused(folder, "a folder without a model");
        refused(TinyModel.writeWithoutContract(folder.resolve("bare.onnx")), "without a preprocessing contract");
        refused(TinyModel.write(folder.resolve("json.onnx"), "{"), "an invalid preprocessing contract");
    }

    @Test
    void refusesAModelThatDoesNotFitItsContract() throws IOException {
        PreprocessContract right = TinyModel.contract();
        refused(
                TinyModel.write(folder.resolve("labels.onnx"), with(right, "input", List.of("a", "b"))),
                "output logits of shape [-1, 3]");
        refused(
                TinyModel.write(folder.resolve("input.onnx"), with(right, "data", right.labels())),
                "the inputs [input], expected one named data");
    }

    private static String with(PreprocessContract c, String inputName, List<String> labels) {
        return new PreprocessContract(
                        c.colorSpace(),
                        c.alpha(),
                        c.orientation(),
                        c.sixteenBit(),
                        c.steps(),
                        c.scale(),
                        c.mean(),
                        c.std(),
                        c.width(),
                        c.height(),
                        inputName,
                        labels)
                .toJson();
    }

    private static void refused(Path model, String found) {
        GlintException e =
                assertThrows(GlintException.class, () -> Classifier.open(model).close());
        assertEquals(Reason.MODEL, e.reason());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(model + ": "), message);
        assertTrue(message.contains(found), message);
        assertEquals(1, message.lines().count(), message);
    }

    private static Image colored(int width, int height, int red, int green, int blue) {
        byte[] samples = new byte[width * height * 3];
        for (int i = 0; i < samples.length; i += 3) {
            samples[i] = (byte) red;
            samples[i + 1] = (byte) green;
            samples[i + 2] = (byte) blue;
        }
        return new Image(width, height, Mode.RGB, samples);
    }
}
