package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The orientation wherever a file may carry it, against what Pillow 9.4 found; recorded by {@code record_orientation.py}. */
class OrientationTest {
    private static final String FOLDER = "dev/glint/runtime/decode/orientation/";
    private static final DecodeOptions STRICT = DecodeOptions.defaults();

    static List<String> files() {
        return Resources.lines(FOLDER + "expected.tsv");
    }

    @ParameterizedTest
    @MethodSource("files")
    void asPillow(String line) {
        String[] expected = line.split("\t");
        byte[] file = Resources.bytes(FOLDER + expected[0]);

        Image image = ImageDecoder.decode(file, STRICT);

        assertEquals(Integer.parseInt(expected[2]), image.orientation());
        assertEquals(image.orientation(), ImageDecoder.probe(file, STRICT).orientation());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "\n\n\n",
                "\nexif\n26\n4d4d002",
                "\nexif\n26\nno digits",
                "\nexif\n26\n4d4d002a0000000800010112000300000001000600000000zz",
                "\nexif\n26\n4d4d002a00000008ffff",
                "exif 26 4d4d002a00000008000101120003000000010006000000000000"
            })
    void aDamagedRawProfileIsNone(String profile) {
        assertEquals(1, orientation(profile.getBytes(StandardCharsets.ISO_8859_1), "Raw profile type exif"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "tiff:Orientation", "tiff:Orientation=\"", "tiff:Orientation>", "tiff:Orientation=\"x\""})
    void damagedXmpHasNone(String xmp) {
        assertEquals(1, orientation(xmp.getBytes(StandardCharsets.ISO_8859_1), "XML:com.adobe.xmp"));
    }

    private static int orientation(byte[] text, String keyword) {
        return ImageDecoder.decode(file("tEXt", keyword, text), STRICT).orientation();
    }

    /** Profiles that unpack to a gigabyte, and thousands of those that are just let through. */
    @Test
    void hostileSizesAreBounded() {
        DecodeLimits limits = new DecodeLimits(100, 1 << 20, 100, 1000);
        DecodeOptions options = new DecodeOptions(SixteenBitRule.AS_PILLOW, false, limits);
        for (String keyword : List.of("Raw profile type exif", "XML:com.adobe.xmp")) {
            byte[] bomb = file("zTXt", keyword, concatenated(new byte[1], PngFile.deflate(new byte[50_000])));
            GlintException e = assertThrows(GlintException.class, () -> ImageDecoder.decode(bomb, options));
            assertEquals(Reason.LIMIT, e.reason());
            assertTrue(e.getMessage().contains("a chunk zTXt"), e.getMessage());
        }
    }

    @Test
    void digitsUpToTheLimitAreRead() {
        byte[] digits = new byte[(1 << 20) - 200];
        Arrays.fill(digits, (byte) '0');
        byte[] profile = concatenated(
                "\nexif\n26\n4d4d002a0000000800010112000300000001000600000000".getBytes(StandardCharsets.ISO_8859_1),
                digits);

        assertEquals(6, orientation(profile, "Raw profile type exif"));
    }

    private static byte[] file(String type, String keyword, byte[] text) {
        byte[] name = (keyword + "\0").getBytes(StandardCharsets.ISO_8859_1);
        byte[] sound = PngFile.of(SyntheticPictures.noise(3, 2, Image.Mode.GRAY));
        int behindHeader = 8 + 25;
        return new PngFile()
                .header(3, 2, 8, 0, 0)
                .chunk(type, concatenated(name, text))
                .raw(Arrays.copyOfRange(sound, behindHeader, sound.length))
                .bytes();
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
