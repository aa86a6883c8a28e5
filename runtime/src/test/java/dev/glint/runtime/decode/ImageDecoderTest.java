package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDecoderTest {
    private static final DecodeOptions STRICT = DecodeOptions.defaults();

    @TempDir
    Path folder;

    @Test
    void looksAtTheContentNotTheName() throws IOException {
        Path file = folder.resolve("picture.jpg");
        Files.write(file, PngFile.of(SyntheticPictures.noise(4, 3, Image.Mode.RGBA)));
        assertEquals(Image.Mode.RGBA, ImageDecoder.decode(file, STRICT).mode());
        assertEquals(new ImageInfo(ImageFormat.PNG, 4, 3, "RGBA", 1), ImageDecoder.probe(file, STRICT));
    }

    @Test
    void saysWhichFileAndWhatItIs() throws IOException {
        Path text = folder.resolve("text.png");
        Files.writeString(text, "Dear Sir,\nthis is no picture.\n");
        refused(text, Reason.INPUT, "found a text file, expected a picture in one of the formats PNG, JPEG");
        Path empty = folder.resolve("empty.png");
        Files.write(empty, new byte[0]);
        refused(empty, Reason.INPUT, "found an empty file");
        Path gif = folder.resolve("gif.png");
        Files.write(gif, "GIF89a\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
        refused(gif, Reason.INPUT, "an unknown format, beginning with 4749463839610000");
        refused(folder.resolve("absent.png"), Reason.INPUT, "found no such file");
        refused(folder, Reason.INPUT, "found a folder");
        Path cut = folder.resolve("cut.png");
        Files.write(cut, new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0});
        refused(cut, Reason.INPUT, "at byte 9");
    }

    @Test
    void refusesAHugeFileUnread() throws IOException {
        Path huge = folder.resolve("huge.png");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        refused(huge, Reason.LIMIT, "at most 33554432");
    }

    private static void refused(Path file, Reason reason, String found) {
        for (Runnable action :
                new Runnable[] {() -> ImageDecoder.decode(file, STRICT), () -> ImageDecoder.probe(file, STRICT)}) {
            GlintException e = assertThrows(GlintException.class, action::run);
            assertEquals(reason, e.reason());
            assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
            assertTrue(e.getMessage().contains(found), e.getMessage());
        }
    }
}
