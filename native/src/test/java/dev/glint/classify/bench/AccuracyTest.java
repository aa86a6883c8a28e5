package dev.glint.classify.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.classify.bench.TestSet.LabelledPicture;
import dev.glint.console.Progress;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccuracyTest {
    @TempDir
    private Path folder;

    @Test
    void everyVariantIsCountedByItsOwnLabels() throws IOException {
        TinyModel.write(folder.resolve("m/fp32.onnx"));
        String turned =
                TinyModel.contract().toJson().replace("[\"red\",\"green\",\"blue\"]", "[\"green\",\"red\",\"blue\"]");
        PreprocessContract.fromJson(turned);
        TinyModel.write(folder.resolve("m/turned.onnx"), turned);
        List<Variant> variants = Variant.of(List.of(folder.resolve("m")));
        // Two right, one that is labelled wrongly.
        TestSet set = new TestSet(List.of(
                new LabelledPicture(picture("1.png", 0), "red"),
                new LabelledPicture(picture("2.png", 2), "blue"),
                new LabelledPicture(picture("3.png", 1), "blue")));

        assertEquals(List.of(new Accuracy(2, 3), new Accuracy(1, 3)), Accuracy.of(variants, set, progress(set)));
    }

    @Test
    void aBrokenPictureEndsIt() throws IOException {
        TinyModel.write(folder.resolve("m/fp32.onnx"));
        List<Variant> variants = Variant.of(List.of(folder.resolve("m")));
        TestSet set = new TestSet(List.of(
                new LabelledPicture(picture("1.png", 0), "red"),
                new LabelledPicture(folder.resolve("missing.png"), "red")));

        GlintException failure = assertThrows(GlintException.class, () -> Accuracy.of(variants, set, progress(set)));

        assertEquals(GlintException.Reason.INPUT, failure.reason());
    }

    private static Progress progress(TestSet set) {
        return new Progress(Optional.empty(), "accuracy", set.pictures().size());
    }

    /** A picture whose strongest channel is the given one. */
    private Path picture(String name, int channel) throws IOException {
        byte[] samples = new byte[4 * 4 * 3];
        for (int i = channel; i < samples.length; i += 3) {
            samples[i] = 100;
        }
        return Files.write(folder.resolve(name), PngFile.of(new Image(4, 4, Mode.RGB, samples)));
    }
}
