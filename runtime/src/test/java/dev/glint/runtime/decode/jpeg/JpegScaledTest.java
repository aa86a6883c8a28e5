package dev.glint.runtime.decode.jpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.TargetSize;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.image.Size;
import dev.glint.runtime.testing.Hashes;
import dev.glint.runtime.testing.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Smaller pictures straight from the coefficients, against Pillow's draft mode; {@code record_jpeg.py} remakes the tables. */
class JpegScaledTest {
    private static final int[] SCALES = {2, 4, 8};

    @Test
    void wholeFilesAsPillowsDraft() {
        Map<String, String> differences = new TreeMap<>();
        for (String line : Resources.lines(JpegFiles.FOLDER + "scaled.tsv")) {
            String[] fields = line.split("\t");
            for (boolean lenient : new boolean[] {false, true}) {
                Image image = JpegDecoder.decode(
                        JpegFiles.bytes(fields[0]),
                        atMost(Integer.parseInt(fields[1]), lenient, DecodeLimits.defaults()));
                String found = image.width() + "x" + image.height() + "\t" + Hashes.rgb(image);
                if (!found.equals(fields[2] + "\t" + fields[3])) {
                    differences.put(fields[0] + " " + fields[1], found);
                }
            }
        }
        assertEquals(Map.of(), differences);
    }

    @Test
    void damagedFilesAsPillowsDraft() {
        Map<String, String> differences = new TreeMap<>();
        int compared = 0;
        for (String line : Resources.lines(JpegFiles.FOLDER + "damaged-scaled.tsv")) {
            String[] fields = line.split("\t");
            for (int i = 0; i < SCALES.length; i++) {
                byte[] file = JpegFiles.edited(JpegFiles.bytes(fields[0]), fields[1]);
                String found = hash(file, atMost(SCALES[i], true, DecodeLimits.defaults()));
                if (!fields[2 + i].equals("-")) {
                    compared++;
                    if (!found.equals(fields[2 + i])) {
                        differences.put(fields[0] + " " + fields[1] + " " + SCALES[i], found);
                    }
                }
                String strict = hash(file, atMost(SCALES[i], false, DecodeLimits.defaults()));
                assertTrue(strict.equals("-") || strict.equals(found), fields[0] + " " + fields[1]);
            }
        }
        assertEquals(Map.of(), differences);
        assertTrue(compared > 450, compared + " compared");
    }

    /** The smallest that is as large as wanted in both directions; never larger than stored. */
    @ParameterizedTest
    @CsvSource({
        "67,45, 67x45",
        "66,45, 67x45",
        "34,23, 67x45",
        "34,22, 67x45",
        "33,22, 34x23",
        "17,12, 34x23",
        "16,11, 17x12",
        "9,6, 17x12",
        "8,5, 9x6",
        "1,1, 9x6",
        "500,1, 67x45",
        "1,500, 67x45"
    })
    void scaleAsPillowChoosesIt(int width, int height, String expected) {
        Image image = JpegDecoder.decode(
                JpegFiles.bytes("size-67x45-420.jpg"), options((w, h, orientation) -> new Size(width, height)));
        assertEquals(expected, image.width() + "x" + image.height());
    }

    /** The scans of frequencies of a picture without subsampling say nothing about its eighth: zeros in place of their bits change nothing. */
    @Test
    void scansOfNoUseArePassedOver() {
        byte[] file = JpegFiles.bytes("color-rgb-progressive.jpg");
        byte[] emptied = JpegFiles.bytes("color-rgb-progressive.jpg");
        int scans = 0;
        for (int at = 0; at < file.length - 1; at++) {
            boolean scan = file[at] == (byte) 0xff && file[at + 1] == (byte) Marker.SOS;
            if (scan && file[at + 4] == 1) {
                int start = at + 2 + (file[at + 3] & 0xff);
                for (int i = start; file[i] != (byte) 0xff || file[i + 1] == 0; i++) {
                    emptied[i] = 0;
                }
                scans++;
            }
        }
        assertTrue(scans > 4, scans + " scans");
        DecodeLimits limits = DecodeLimits.defaults();
        assertEquals(hash(file, atMost(8, false, limits)), hash(emptied, atMost(8, false, limits)));
        assertTrue(!hash(emptied, atMost(4, false, limits)).equals(hash(file, atMost(4, false, limits))));
    }

    @Test
    void targetIsAskedInTheFilesOwnTerms() {
        List<String> asked = new ArrayList<>();
        TargetSize target = (width, height, orientation) -> {
            asked.add(width + "x" + height + " " + orientation);
            return new Size(12, 8);
        };
        Image image = JpegDecoder.decode(JpegFiles.bytes("exif-6.jpg"), options(target));
        assertEquals(List.of("24x16 6"), asked);
        assertEquals("12x8 6", image.width() + "x" + image.height() + " " + image.orientation());
        assertEquals(
                24,
                JpegDecoder.probe(JpegFiles.bytes("exif-6.jpg"), options(target))
                        .width());
    }

    /** Decoding to an eighth takes 9x6 pixels, whatever the file holds; several scans take all coefficients. */
    @Test
    void limitCountsPixelsThatAreDecoded() {
        DecodeLimits limits = new DecodeLimits(54, 1 << 20, 67, 1);
        byte[] file = JpegFiles.bytes("size-67x45-420.jpg");
        assertEquals(9, JpegDecoder.decode(file, atMost(8, false, limits)).width());
        assertRefused(file, atMost(4, false, limits));
        assertRefused(file, atMost(8, false, new DecodeLimits(54, 1 << 20, 66, 1)));
        for (String severalScans : new String[] {"quality-50-progressive.jpg", "scans-sequential-grouped.jpg"}) {
            byte[] other = JpegFiles.bytes(severalScans);
            assertRefused(other, atMost(8, false, limits));
            assertEquals(
                    9,
                    JpegDecoder.decode(other, atMost(8, false, new DecodeLimits(67 * 45, 1 << 20, 67, 1)))
                            .width());
        }
    }

    private static void assertRefused(byte[] file, DecodeOptions options) {
        assertEquals(
                Reason.LIMIT,
                assertThrows(GlintException.class, () -> JpegDecoder.decode(file, options))
                        .reason());
        assertEquals(
                Reason.LIMIT,
                assertThrows(GlintException.class, () -> JpegDecoder.probe(file, options))
                        .reason());
    }

    private static String hash(byte[] file, DecodeOptions options) {
        try {
            return Hashes.rgb(JpegDecoder.decode(file, options));
        } catch (GlintException e) {
            return "-";
        }
    }

    private static DecodeOptions options(TargetSize target) {
        return new DecodeOptions(SixteenBitRule.AS_PILLOW, false, DecodeLimits.defaults(), target);
    }

    /** Content with a part of each side, rounded down. */
    private static DecodeOptions atMost(int scale, boolean lenient, DecodeLimits limits) {
        return new DecodeOptions(
                SixteenBitRule.AS_PILLOW,
                lenient,
                limits,
                (w, h, orientation) -> new Size(Math.max(1, w / scale), Math.max(1, h / scale)));
    }
}
