package dev.glint.samples.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortPicturesTest {
    private static final int COUNT = 24;

    @TempDir
    private Path folder;

    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    @AfterEach
    void giveStreamsBack() {
        System.setOut(out);
        System.setErr(err);
    }

    @Test
    void putsEachPictureWhereItsLabelSays() throws Exception {
        Path model = TinyModel.write(folder.resolve("tiny.onnx"));
        Path from = Files.createDirectory(folder.resolve("from"));
        Path to = folder.resolve("to");
        for (int i = 0; i < COUNT; i++) {
            Path place = Files.createDirectories(i % 2 == 0 ? from : from.resolve("below"));
            Files.write(
                    place.resolve(i / 2 + ".png"),
                    PngFile.of(SyntheticPictures.noise(3 + i, 3 + i % 5, Image.Mode.RGB)));
        }
        Files.writeString(from.resolve("broken.png"), "no picture");
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));

        SortPictures.main(new String[] {model.toString(), from.toString(), to.toString()});

        List<Path> sorted;
        try (Stream<Path> files = Files.walk(to)) {
            sorted = files.filter(Files::isRegularFile).toList();
        }
        assertEquals(COUNT, sorted.size());
        try (Classifier classifier = Classifier.open(model)) {
            for (Path file : sorted) {
                var best = classifier.classify(file, 1).top();
                Path place = to.resolve(best.probability() < 0.6 ? "unsure" : best.label());
                assertTrue(file.startsWith(place), file + " is " + best);
                Path original = from.resolve(place.relativize(file));
                assertArrayEquals(Files.readAllBytes(original), Files.readAllBytes(file), file.toString());
            }
        }
        assertTrue(complained.toString(StandardCharsets.UTF_8).contains("broken.png: found "), complained.toString());
        assertTrue(written.toString(StandardCharsets.UTF_8).contains("="), written.toString());
    }
}
