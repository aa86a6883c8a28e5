package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageDecoderTest {
    private static final DecodeOptions STRICT = DecodeOptions.defaults();

    @TempDir
    Path folder;

    @Test
    void looksAtTheContentNotTheName() throws IOException {
        Path file = folder.resolve("picture.jpg");
        Files.write(file, PngFile.of(SyntheticPictures.noise(4, 3, Image.Mode.RGBA)));
        assertEquals(Image.Mode.RGBA, ImageDecoder.decode(file, STRICT).mode());
        assertEquals(
                new ImageInfo(ImageFormat.PNG, 4, 3, "RGBA", 1),
                EncodedPicture.read(file, STRICT.limits()).probe(STRICT));
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
        refused(gif, Reason.INPUT, "found a picture in the format GIF, expected a picture in one of the formats PNG");
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

    @ParameterizedTest
    @CsvSource({
        "GIF, 47494638376100",
        "WebP, 524946460a00000057454250565038",
        "TIFF, 49492a0008000000",
        "TIFF, 4d4d002a00000008",
        "AVIF, 0000001c667479706d696631000000006d69663161766966",
        "HEIC, 00000018667479706d696631000000006d69663168656963",
        "JPEG XL, ff0a7b2f",
        "JPEG XL, 0000000c4a584c200d0a870a",
        "JPEG 2000, 0000000c6a5020200d0a870a",
        "Photoshop, 384250530001",
        "QOI, 716f696600000001",
    })
    void namesTheFormatThatItDoesNotRead(String format, String head) {
        GlintException e = assertThrows(
                GlintException.class, () -> ImageDecoder.decode(HexFormat.of().parseHex(head), STRICT));
        assertTrue(e.getMessage().startsWith("found a picture in the format " + format + ","), e.getMessage());
    }

    @Test
    void otherFormatsShowTheirFirstBytes() {
        for (String head : new String[] {"5249464600000000", "0001020304050607", "0000001066747970", "00"}) {
            GlintException e = assertThrows(
                    GlintException.class,
                    () -> ImageDecoder.decode(HexFormat.of().parseHex(head), STRICT));
            assertTrue(
                    e.getMessage().startsWith("found a file of an unknown format, beginning with " + head),
                    e.getMessage());
        }
    }

    /** What can be read once gives both its header and its pixels. */
    @Test
    void aStreamIsReadOnce() {
        Image picture = SyntheticPictures.noise(4, 3, Image.Mode.RGB);
        EncodedPicture encoded =
                EncodedPicture.read(new ByteArrayInputStream(PngFile.of(picture)), "a pipe", STRICT.limits());

        assertEquals(4, encoded.probe(STRICT).width());
        assertArrayEquals(picture.samples(), encoded.decode(STRICT).samples());
    }

    @Test
    void aStreamIsNamedInItsFailures() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("torn off");
            }
        };
        GlintException tooLong = assertThrows(
                GlintException.class, () -> EncodedPicture.read(endless, "a pipe", new DecodeLimits(9, 9, 9, 9)));
        assertEquals(Reason.LIMIT, tooLong.reason());
        assertTrue(tooLong.getMessage().startsWith("a pipe: "), tooLong.getMessage());
        GlintException torn =
                assertThrows(GlintException.class, () -> EncodedPicture.read(broken, "a pipe", STRICT.limits()));
        assertTrue(torn.getMessage().startsWith("a pipe: found an unreadable stream (torn off)"), torn.getMessage());
        EncodedPicture text =
                EncodedPicture.read(new ByteArrayInputStream(new byte[] {'a'}), "a pipe", STRICT.limits());
        GlintException refused = assertThrows(GlintException.class, () -> text.probe(STRICT));
        assertTrue(refused.getMessage().startsWith("a pipe: found a text file"), refused.getMessage());
    }

    private static void refused(Path file, Reason reason, String found) {
        for (Runnable action : new Runnable[] {
            () -> ImageDecoder.decode(file, STRICT),
            () -> EncodedPicture.read(file, STRICT.limits()).probe(STRICT)
        }) {
            GlintException e = assertThrows(GlintException.class, action::run);
            assertEquals(reason, e.reason());
            assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
            assertTrue(e.getMessage().contains(found), e.getMessage());
        }
    }
}
