package dev.glint.runtime.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.PictureFileSet.LabelledFile;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final List<String> LABELS = List.of("red", "green", "blue");

    @TempDir
    private Path folder;

    private Path model(String name, String contract) throws IOException {
        return TinyModel.write(folder.resolve(name), contract);
    }

    private TestSet three(PictureSet pictures) {
        return new TestSet("three", LABELS, pictures);
    }

    @Test
    void everyModelIsCountedByItsOwnLabels() throws IOException {
        String json = TinyModel.contract().toJson();
        String turned = json.replace("[\"red\",\"green\",\"blue\"]", "[\"green\",\"red\",\"blue\"]");
        // Two right, one that is labelled wrongly.
        TestSet set = three(new PictureFileSet(List.of(
                new LabelledFile(picture("1.png", 0), 0),
                new LabelledFile(picture("2.png", 2), 2),
                new LabelledFile(picture("3.png", 1), 2))));
        Set<Integer> done = ConcurrentHashMap.newKeySet();
        try (Model fp32 = Model.open(model("fp32.onnx", json));
                Model other = Model.open(model("turned.onnx", turned))) {
            assertEquals(
                    List.of(new Accuracy(2, 3), new Accuracy(1, 3)),
                    Evaluation.accuracies(List.of(fp32, other), set, done::add));
        }
        assertEquals(Set.of(1, 2, 3), done);
    }

    @Test
    void aPictureIsDecodedOnceForAllModelsThatDecodeAlike() throws IOException {
        AtomicInteger decoded = new AtomicInteger();
        PictureSet pictures = new PictureSet() {
            @Override
            public int size() {
                return 5;
            }

            @Override
            public Image picture(int index) {
                throw new AssertionError("decoded without the contract");
            }

            @Override
            public Image picture(int index, DecodeOptions options) {
                decoded.incrementAndGet();
                return strongest(index % 3);
            }

            @Override
            public int label(int index) {
                return index % 3;
            }
        };
        String json = TinyModel.contract().toJson();
        String high = json.replace("as-pillow", "high-byte");
        assertTrue(!high.equals(json), json);
        try (Model one = Model.open(model("1.onnx", json));
                Model two = Model.open(model("2.onnx", json));
                Model three = Model.open(model("3.onnx", high))) {
            Accuracy all = new Accuracy(5, 5);
            assertEquals(
                    List.of(all, all, all),
                    Evaluation.accuracies(List.of(one, two, three), three(pictures), done -> {}));
        }
        assertEquals(10, decoded.get());
    }

    @Test
    void aBrokenPictureEndsIt() throws IOException {
        Path missing = folder.resolve("missing.png");
        TestSet set = three(
                new PictureFileSet(List.of(new LabelledFile(picture("1.png", 0), 0), new LabelledFile(missing, 0))));
        try (Model model = Model.open(model("fp32.onnx", TinyModel.contract().toJson()))) {
            GlintException failure =
                    assertThrows(GlintException.class, () -> Evaluation.accuracies(List.of(model), set, done -> {}));
            assertEquals(GlintException.Reason.INPUT, failure.reason());
            assertTrue(failure.getMessage().startsWith(missing + ": found no such file"), failure.getMessage());
        }
    }

    private static Image strongest(int channel) {
        byte[] samples = new byte[4 * 4 * 3];
        for (int i = channel; i < samples.length; i += 3) {
            samples[i] = 100;
        }
        return new Image(4, 4, Mode.RGB, samples);
    }

    /** A picture whose strongest channel is the given one. */
    private Path picture(String name, int channel) throws IOException {
        return Files.write(folder.resolve(name), PngFile.of(strongest(channel)));
    }
}
