package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.Image;
import dev.glint.runtime.testing.Hashes;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every file of {@code shared/data/pictures} against what Pillow 9.4 made of it. */
class ExpectedPillowTest {
    /** What is refused here and read by Pillow, or the other way round, and why. */
    private static final Map<String, String> DIFFERENCES = Map.of(
            "pngsuite/xcsn0g01.png",
            "the CRC of IDAT is wrong: refused as by libpng; Pillow does not look at it",
            "png-bugfixes/x_interlaced_chck.png",
            "the CRC of IDAT is wrong: refused as by libpng; Pillow does not look at it");

    /** RGB hashes of 16-bit gray files, for which the table holds the hash of something else (see the script). */
    private static final Map<String, String> GRAY16 =
            Resources.lines("dev/glint/runtime/decode/pillow-gray16.tsv").stream()
                    .map(line -> line.split("\t"))
                    .collect(Collectors.toMap(fields -> fields[0], fields -> fields[1]));

    @Test
    void everyPictureAsPillow() throws IOException {
        Path folder = SharedData.require("pictures");
        Map<String, String> found = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("expected-pillow.tsv"))) {
            String[] fields = line.split("\t");
            if (!fields[0].endsWith(".png")) {
                continue;
            }
            String difference = difference(folder.resolve(fields[0]), fields);
            if (!difference.isEmpty()) {
                found.put(fields[0], difference);
            }
        }
        assertEquals(DIFFERENCES.keySet(), found.keySet(), found::toString);
    }

    private static String difference(Path file, String[] fields) {
        String expected = GRAY16.getOrDefault(fields[0], fields[8]);
        try {
            Image image = ImageDecoder.decode(file, DecodeOptions.defaults());
            ImageInfo info = ImageDecoder.probe(file, DecodeOptions.defaults());
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
}
