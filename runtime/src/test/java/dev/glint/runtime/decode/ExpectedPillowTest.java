package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.Hashes;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every PNG of {@code shared/data/pictures} against what Pillow 9.4 made of it. */
class ExpectedPillowTest {
    /** What is refused here and read by Pillow, or the other way round, and why. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            "pngsuite/xcsn0g01.png",
            "the CRC of IDAT is wrong: refused as by libpng; Pillow does not look at it",
            "png-bugfixes/x_interlaced_chck.png",
            "the CRC of IDAT is wrong: refused as by libpng; Pillow does not look at it");

    /** Where the alpha channel is another one than Pillow's, and why. */
    private static final Map<String, String> ALPHA_DIFFERENCES = Map.of(
            "pngsuite/tbbn0g04.png",
            "the transparent gray is a 4-bit value, as the specification says; Pillow compares it with the 8-bit one");

    /** Hashes that the table does not have (see {@code record_png.py}). */
    private static final Map<String, String[]> RECORDED =
            Resources.lines("dev/glint/runtime/decode/pillow-png.tsv").stream()
                    .map(line -> line.split("\t"))
                    .collect(Collectors.toMap(fields -> fields[0], fields -> fields));

    @Test
    void everyPictureAsPillow() throws IOException {
        Path folder = SharedData.require("pictures");
        Map<String, String> found = new TreeMap<>();
        for (String[] fields : lines(folder)) {
            String difference = difference(folder.resolve(fields[0]), fields);
            if (!difference.isEmpty()) {
                found.put(fields[0], difference);
            }
        }
        assertEquals(DIFFERENCES.keySet(), found.keySet(), found::toString);
    }

    @Test
    void everyAlphaAsPillow() throws IOException {
        Path folder = SharedData.require("pictures");
        int compared = 0;
        Set<String> found = new TreeSet<>();
        for (String[] fields : lines(folder)) {
            String[] recorded = RECORDED.get(fields[0]);
            if (recorded == null || recorded[2].equals("-") || DIFFERENCES.containsKey(fields[0])) {
                continue;
            }
            Image image = ImageDecoder.decode(folder.resolve(fields[0]), DecodeOptions.defaults());
            if (!recorded[2].equals(Hashes.of(rgba(image)))) {
                found.add(fields[0]);
            }
            compared++;
        }
        assertEquals(ALPHA_DIFFERENCES.keySet(), found);
        assertTrue(compared > 150, compared + " compared");
    }

    private static List<String[]> lines(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("expected-pillow.tsv")).stream()
                .map(line -> line.split("\t"))
                .filter(fields -> fields[0].endsWith(".png"))
                .toList();
    }

    private static String difference(Path file, String[] fields) {
        boolean gray16 = fields[4].equals("I");
        String expected = gray16 ? RECORDED.get(fields[0])[1] : fields[8];
        try {
            EncodedPicture encoded = EncodedPicture.read(file, DecodeLimits.defaults());
            Image image = encoded.decode(DecodeOptions.defaults());
            ImageInfo info = encoded.probe(DecodeOptions.defaults());
            String actual = Hashes.rgb(image);
            if (!actual.equals(expected)) {
                return "read as " + actual + " where Pillow has " + expected + " " + fields[9];
            }
            String facts = String.join(
                    " ",
                    info.format().name(),
                    info.mode(),
                    info.width() + "x" + info.height(),
                    "orientation " + info.orientation());
            String orientation = fields[7].matches("[1-8]") ? fields[7] : "1";
            String theirs = String.join(" ", fields[3], fields[4], fields[5], "orientation " + orientation);
            return facts.equals(theirs) ? "" : facts + " where Pillow has " + theirs;
        } catch (GlintException e) {
            return expected.equals("-") ? "" : "refused: " + e.getMessage();
        }
    }

    private static byte[] rgba(Image image) {
        byte[] rgb = image.toRgb().samples();
        int channels = image.mode().channels();
        byte[] rgba = new byte[rgb.length / 3 * 4];
        for (int i = 0; i < rgba.length / 4; i++) {
            System.arraycopy(rgb, 3 * i, rgba, 4 * i, 3);
            rgba[4 * i + 3] = image.mode().hasAlpha() ? image.samples()[i * channels + channels - 1] : (byte) 255;
        }
        return rgba;
    }
}
