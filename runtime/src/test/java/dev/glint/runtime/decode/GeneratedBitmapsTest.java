package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.testing.Hashes;
import dev.glint.runtime.testing.Resources;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** BMP and PNM files of every kind against what Pillow 9.4 made of them; both written by {@code record_bitmaps.py}. */
class GeneratedBitmapsTest {
    private static final String FOLDER = "dev/glint/runtime/decode/generated/";

    /** Where the outcome is another one than Pillow's, and why. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            "rgb32-odd-fields.bmp",
            "any bit fields are read, Pillow knows a few",
            "rle4-odd-literals.bmp",
            "an odd number of literal pixels keeps its last one, which Pillow loses",
            "rle8-delta.bmp",
            "a delta moves by its own two bytes; Pillow takes the next two",
            "rle8-blank-rows.bmp",
            "an end of line ends an empty row, too; Pillow leaves it out",
            "rle8-ends-early.bmp",
            "rows behind an end of bitmap have index 0; Pillow wants them all",
            "plain2-truncated.pgm",
            "a truncated file is refused; Pillow has 0 for the missing sample");

    static List<String> files() {
        return Resources.lines(FOLDER + "expected.tsv");
    }

    @ParameterizedTest
    @MethodSource("files")
    void asPillow(String line) {
        String[] expected = line.split("\t");
        String actual = outcome(expected[0]);
        String theirs =
                expected[3].equals("refused") ? "refused" : String.join(" ", expected[1], expected[2], expected[3]);
        if (DIFFERENCES.containsKey(expected[0])) {
            assertTrue(!actual.equals(theirs), () -> "no difference any more: " + DIFFERENCES.get(expected[0]));
        } else {
            assertEquals(theirs, actual);
        }
    }

    private static String outcome(String name) {
        byte[] file = Resources.bytes(FOLDER + name);
        try {
            ImageInfo info = ImageDecoder.probe(file, DecodeOptions.defaults());
            Image image = ImageDecoder.decode(file, DecodeOptions.defaults());
            assertEquals(info.width() + "x" + info.height(), image.width() + "x" + image.height());
            assertEquals(name.endsWith(".bmp") ? ImageFormat.BMP : ImageFormat.PNM, info.format());
            return info.mode() + " " + info.width() + "x" + info.height() + " " + Hashes.rgb(image);
        } catch (GlintException e) {
            return "refused";
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void lenientGoesAsFarAsItCan(String line) {
        String name = line.split("\t")[0];
        DecodeOptions lenient = new DecodeOptions(SixteenBitRule.AS_PILLOW, true, DecodeLimits.defaults());
        boolean decoded = true;
        try {
            ImageDecoder.decode(Resources.bytes(FOLDER + name), lenient);
        } catch (GlintException e) {
            decoded = false;
        }
        boolean readable = !outcome(name).equals("refused") || name.contains("-truncated.");
        if (readable) {
            assertTrue(decoded, name);
        }
    }
}
