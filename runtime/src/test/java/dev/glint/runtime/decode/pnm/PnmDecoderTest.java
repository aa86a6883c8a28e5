package dev.glint.runtime.decode.pnm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.image.SixteenBitRule;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PAM, which Pillow does not read, and what a text format invites. */
class PnmDecoderTest {
    @ParameterizedTest
    @CsvSource({
        "1, 'BLACKANDWHITE', 1, GRAY, 1",
        "1, 'GRAYSCALE', 255, GRAY, L",
        "1, 'GRAYSCALE', 1000, GRAY, I",
        "2, 'GRAYSCALE_ALPHA', 255, GRAY_ALPHA, LA",
        "3, 'RGB', 255, RGB, RGB",
        "4, 'RGB_ALPHA', 255, RGBA, RGBA",
        "4, '', 255, RGBA, RGBA",
    })
    void readsEveryTupleType(int depth, String type, int maxval, Mode mode, String name) {
        byte[] samples = new byte[2 * depth * (maxval > 255 ? 2 : 1)];
        samples[samples.length - 1] = 1;
        byte[] file = pam(depth, type, maxval, samples);
        Image image = ImageDecoder.decode(file, DecodeOptions.defaults());
        assertEquals(mode, image.mode());
        assertEquals(name, ImageDecoder.probe(file, DecodeOptions.defaults()).mode());
        int expected = maxval == 1 ? 255 : maxval == 1000 ? 66 : 1;
        assertEquals(expected, image.sample(1, 0, depth - 1));
        assertEquals(0, image.sample(0, 0, 0));
    }

    @Test
    void sixteenBitsAreReducedByTheRule() {
        byte[] gray = pam(1, "GRAYSCALE", 65_535, new byte[] {0x12, (byte) 0xff, 0, 0x7f});
        assertArrayEquals(new byte[] {(byte) 255, 0x7f}, samples(gray, SixteenBitRule.AS_PILLOW));
        assertArrayEquals(new byte[] {0x12, 0}, samples(gray, SixteenBitRule.HIGH_BYTE));
        byte[] color = pam(3, "RGB", 65_535, new byte[] {0x12, (byte) 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
        assertArrayEquals(new byte[] {0x13, 0, 1, 0, 0, 0}, samples(color, SixteenBitRule.AS_PILLOW));
        assertArrayEquals(new byte[] {0x12, 0, 1, 0, 0, 0}, samples(color, SixteenBitRule.HIGH_BYTE));
    }

    @Test
    void refusesWhatPamDoesNotKnow() {
        refused(Reason.INPUT, pam(5, "", 255, new byte[10]), "5 channels");
        refused(Reason.INPUT, pam(3, "GRAYSCALE", 255, new byte[6]), "3 channels, tuple type \"GRAYSCALE\"");
        refused(Reason.INPUT, pam(1, "LAB", 255, new byte[2]), "LAB");
        refused(Reason.INPUT, text("P7\nWIDTH 1\nCOLOR 7\nENDHDR\n"), "the field COLOR");
        refused(Reason.INPUT, text("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\nENDHDR\n0"), "without MAXVAL");
        refused(Reason.INPUT, text("P7\nWIDTH 1\n"), "ENDHDR");
    }

    @Test
    void checksSizesBeforeAllocation() {
        refused(Reason.LIMIT, text("P6 60000 60000 255\n"), "60000x60000");
        refused(Reason.LIMIT, text("P5 9999999999 1 255\n"), "2147483647x1");
        refused(Reason.INPUT, text("P5 99999999999 1 255\n"), "no number");
        refused(Reason.INPUT, text("P5 6000 6000 255\n"), "36000000 bytes of samples");
        refused(Reason.INPUT, text("P5 0 1 255\n"), "a size of 0x1");
        refused(Reason.INPUT, text("P2 2 1 255\n1"), "samples");
        refused(Reason.INPUT, text("P2 2 1 255\n11 "), "a sample");
        refused(Reason.INPUT, text("P2 2 1 255\n-1 1"), "no number");
    }

    @Test
    void textThatBeginsAlikeIsNoPicture() {
        refused(Reason.INPUT, text("P1ease read\n"), "a text file");
        refused(Reason.INPUT, text("P8 1 1\n"), "a text file");
    }

    @Test
    void lenientLeavesMissingPixelsBlack() {
        DecodeOptions lenient = new DecodeOptions(SixteenBitRule.AS_PILLOW, true, DecodeLimits.defaults());
        assertArrayEquals(
                new byte[] {9, 8, 0, 0},
                ImageDecoder.decode(text("P2 2 2 255\n9 8 "), lenient).samples());
    }

    private static byte[] samples(byte[] file, SixteenBitRule rule) {
        return ImageDecoder.decode(file, new DecodeOptions(rule, false, DecodeLimits.defaults()))
                .samples();
    }

    private static byte[] pam(int depth, String type, int maxval, byte[] samples) {
        String header = "P7\n# two pixels\nWIDTH 2\nHEIGHT 1\nDEPTH " + depth + "\nMAXVAL " + maxval + "\n"
                + (type.isEmpty() ? "" : "TUPLTYPE " + type + "\n") + "ENDHDR\n";
        byte[] head = text(header);
        byte[] file = Arrays.copyOf(head, head.length + samples.length);
        System.arraycopy(samples, 0, file, head.length, samples.length);
        return file;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void refused(Reason reason, byte[] file, String found) {
        GlintException e =
                assertThrows(GlintException.class, () -> ImageDecoder.decode(file, DecodeOptions.defaults()));
        assertEquals(reason, e.reason());
        assertTrue(e.getMessage().contains(found), e.getMessage());
    }
}
