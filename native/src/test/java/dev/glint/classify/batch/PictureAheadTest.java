package dev.glint.classify.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.testing.PngFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureAheadTest {
    private static final DecodeOptions OPTIONS = DecodeOptions.defaults();

    @TempDir
    private Path folder;

    @Test
    void aPictureIsReadOnce() {
        Picture first = new Picture.OnStandardInput(new ByteArrayInputStream(png(3)));

        PictureAhead ahead = PictureAhead.start(List.of(first), OPTIONS);

        assertEquals(3, ahead.decode(first).width());
        GlintException e = assertThrows(GlintException.class, () -> ahead.decode(first));
        assertEquals("standard input", e.subject().orElseThrow());
    }

    @Test
    void otherPicturesAreDecodedWhenTheyAreAskedFor() throws IOException {
        Picture first = new Picture.InFile(Files.write(folder.resolve("1.png"), png(1)));
        Path file = folder.resolve("2.png");
        Picture second = new Picture.InFile(file);
        PictureAhead ahead = PictureAhead.start(List.of(first, second), OPTIONS);

        Files.write(file, png(2));

        assertEquals(2, ahead.decode(second).width());
        assertEquals(1, ahead.decode(first).width());
        assertEquals(1, ahead.decode(first).width());
        assertEquals(2, PictureAhead.start(List.of(), OPTIONS).decode(second).width());
    }

    @Test
    void aSmallFileGetsNoThread() throws IOException {
        Path file = Files.write(folder.resolve("1.png"), png(1));
        Picture small = new Picture.InFile(file);
        PictureAhead ahead = PictureAhead.start(List.of(small), OPTIONS);
        Files.write(file, png(2));
        Picture large = new Picture.InFile(Files.write(folder.resolve("2.png"), new byte[1 << 14]));

        assertEquals(2, ahead.decode(small).width());
        assertTrue(small.isSmall());
        assertFalse(large.isSmall());
        assertFalse(new Picture.InFile(folder.resolve("missing.png")).isSmall());
        assertFalse(new Picture.OnStandardInput(InputStream.nullInputStream()).isSmall());
    }

    @Test
    void aFailureWaitsUntilThePictureIsAskedFor() {
        GlintException broken = GlintException.failure(Reason.INPUT, "nothing", "a picture", "look for it");
        Picture missing = new Picture.Missing("a", broken);
        PictureAhead ahead = PictureAhead.start(List.of(missing), OPTIONS);

        assertSame(broken, assertThrows(GlintException.class, () -> ahead.decode(missing)));

        Picture huge = new Picture.OnStandardInput(new InputStream() {
            @Override
            public int read() {
                throw new OutOfMemoryError("test");
            }
        });
        PictureAhead other = PictureAhead.start(List.of(huge), OPTIONS);
        assertEquals(
                "test",
                assertThrows(OutOfMemoryError.class, () -> other.decode(huge)).getMessage());
    }

    /** The process can end, or fail over the model, while a pipe says nothing. */
    @Test
    void aSilentPipeHoldsUpNobodyElse() throws IOException {
        try (PipedOutputStream pipe = new PipedOutputStream()) {
            Picture silent = new Picture.OnStandardInput(new PipedInputStream(pipe));
            Picture second = new Picture.OnStandardInput(new ByteArrayInputStream(png(2)));

            PictureAhead ahead = PictureAhead.start(List.of(silent), OPTIONS);

            assertEquals(2, ahead.decode(second).width());
        }
    }

    private static byte[] png(int width) {
        return PngFile.of(new Image(width, 1, Mode.GRAY, new byte[width]));
    }
}
