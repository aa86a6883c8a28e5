package dev.glint.runtime.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    private static final byte[] LIBRARY = "a library".repeat(10_000).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private Path program;
    private Path model;
    private Path library;
    private Path target;

    @BeforeEach
    void writeParts() throws IOException {
        program = folder.resolve("classify");
        Files.write(program, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        model = TinyModel.write(folder.resolve("tiny.onnx"));
        library = Files.write(folder.resolve("libonnxruntime.so"), LIBRARY);
        target = folder.resolve("classify-colours");
    }

    @Test
    void hashesAModelOnceAsLongAsTheFileIsTheSame() throws IOException {
        Bundle bundle = BundleWriter.write(program, model, Optional.empty(), target);
        bundle.verified(bundle.model());
        FileTime written = Files.getLastModifiedTime(target);
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.write(
                    ByteBuffer.allocate(1).put((byte) 0x55).flip(),
                    bundle.model().offset() + 1);
        }

        Files.setLastModifiedTime(target, written);
        bundle.verified(bundle.model());
        Files.setLastModifiedTime(target, FileTime.from(written.toInstant().plusSeconds(1)));
        GlintException failure = assertThrows(GlintException.class, () -> bundle.verified(bundle.model()));
        assertEquals(Reason.MODEL, failure.reason());
    }

    @Test
    void holdsThePartsBehindTheProgram() throws IOException {
        Bundle written = BundleWriter.write(program, model, Optional.of(library), target);

        Bundle found = Bundle.find(target).orElseThrow();
        assertEquals(written, found);
        assertArrayEquals(Files.readAllBytes(model), bytes(found.verified(found.model())));
        assertArrayEquals(LIBRARY, bytes(found.verified(found.library().orElseThrow())));
        assertEquals(0, found.model().offset() % 65_536);
        byte[] whole = Files.readAllBytes(target);
        byte[] beginning = Files.readAllBytes(program);
        assertArrayEquals(beginning, Arrays.copyOf(whole, beginning.length));
        assertTrue(Files.isExecutable(target));
    }

    @Test
    void theSamePartsGiveTheSameBytes() throws IOException {
        BundleWriter.write(program, model, Optional.of(library), target);
        byte[] first = Files.readAllBytes(target);
        BundleWriter.write(program, model, Optional.of(library), target);
        assertArrayEquals(first, Files.readAllBytes(target));
    }

    @Test
    void isAModelLikeAnyOther() throws IOException {
        BundleWriter.write(program, model, Optional.empty(), target);
        Image picture = SyntheticPictures.noise(7, 9, Image.Mode.RGB);
        try (Classifier plain = Classifier.open(model);
                Model bundled = Model.open(target);
                Classifier classifier = bundled.newClassifier()) {
            assertArrayEquals(plain.logits(picture), classifier.logits(picture));
            assertEquals(target, bundled.file());
        }
    }

    @Test
    void itsGoldenSamplesAreFound() throws IOException {
        TinyModel.writeWithGolden(model, 0);
        BundleWriter.write(program, model, Optional.empty(), target);

        assertEquals(1, GoldenSamples.read(target).orElseThrow().samples().size());
    }

    @Test
    void whatHasNothingBehindItIsNoBundle() throws IOException {
        assertEquals(Optional.empty(), Bundle.find(program));
        assertEquals(Optional.empty(), Bundle.find(model));
        GlintException e = assertThrows(GlintException.class, () -> Model.open(program));
        assertEquals(Reason.MODEL, e.reason());
    }

    @Test
    void aModelThatWasChangedIsRefused() throws IOException {
        Bundle bundle = BundleWriter.write(program, model, Optional.empty(), target);
        byte[] bytes = Files.readAllBytes(target);
        bytes[(int) bundle.model().offset() + 40] ^= 1;
        Files.write(target, bytes);

        GlintException e = assertThrows(GlintException.class, () -> Model.open(target));
        assertEquals(Reason.MODEL, e.reason());
        assertTrue(e.getMessage().startsWith(target + ": found tiny.onnx with SHA-256 "), e.getMessage());
    }

    @Test
    void aDirectoryThatWasChangedIsRefusedOrNoBundle() throws IOException {
        BundleWriter.write(program, model, Optional.of(library), target);
        byte[] bytes = Files.readAllBytes(target);
        for (int at = bytes.length - 300; at < bytes.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = bytes.clone();
                changed[at] ^= (byte) (1 << bit);
                Files.write(target, changed);
                try {
                    Bundle.find(target).ifPresent(bundle -> {
                        bundle.verified(bundle.model());
                        bundle.verified(bundle.library().orElse(bundle.model()));
                    });
                } catch (GlintException e) {
                    assertEquals(Reason.MODEL, e.reason());
                    assertTrue(e.getMessage().startsWith(target.toString()), e.getMessage());
                }
            }
        }
    }

    @Test
    void onlyAProgramGetsAModel() throws IOException {
        GlintException e =
                assertThrows(GlintException.class, () -> BundleWriter.write(model, model, Optional.empty(), target));
        assertTrue(e.getMessage().contains("found no executable of Linux"), e.getMessage());

        BundleWriter.write(program, model, Optional.empty(), target);
        Path second = folder.resolve("second");
        e = assertThrows(GlintException.class, () -> BundleWriter.write(target, model, Optional.empty(), second));
        assertTrue(e.getMessage().contains("found a program with a model already"), e.getMessage());
        assertTrue(Files.notExists(second));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
