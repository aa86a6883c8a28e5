package dev.glint.runtime.decode.jpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.Hashes;
import dev.glint.runtime.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every JPEG file of {@code shared/data/pictures} against what Pillow 9.4 made of it. */
class JpegPicturesTest {
    private static final String SUITE = "jpeg-crashtest/imagetestsuite/";

    /** What Pillow reads and strict decoding refuses, and why; all are damage that Pillow passes over in silence. */
    private static final Map<String, String> DAMAGED = Map.of(
            "jpeg-crashtest/dc-predictor-overflow.jpg",
            "image data break off",
            SUITE + "1cbb1bb37d62c44f67374cd451643dc4.jpg",
            "image data break off",
            SUITE + "28c74d9284d9836017fd519f6932efd8.jpg",
            "a scan repeats bits that another has sent",
            SUITE + "5482a54657765056f1a94116a8dbffe7.jpg",
            "Huffman codes that are none",
            SUITE + "7997b6b229f25315d33f5c7085e37500.jpg",
            "image data break off, a restart marker is missing",
            SUITE + "8e5e74dbf9b68a322fbb9512db837329.jpg",
            "613 bytes of fuzz that claim 6 megapixels",
            SUITE + "b55977028a3a574336966b6536640fc9.jpg",
            "image data break off",
            SUITE + "f6b4389c3cf0f5997b2e5a4b905aea8d.jpg",
            "a scan without the one before it",
            "jpeg-crashtest/subtract-with-overflow.jpg",
            "scans contradict each other, Huffman codes that are none");

    /** What is refused by its name. */
    private static final Map<String, String> UNSUPPORTED =
            Map.of("libjpeg-turbo/testimgari.jpg", "arithmetic coding (SOF9)");

    private static final DecodeLimits LIMITS = new DecodeLimits(40_000_000, 32 << 20, 65_500, 1 << 20);

    @Test
    void everyPictureAsPillow() throws IOException {
        Path folder = SharedData.require("pictures");
        Map<String, String> refused = new TreeMap<>();
        Map<String, String> different = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("expected-pillow.tsv"))) {
            String[] fields = line.split("\t");
            if (!fields[0].endsWith(".jpg")) {
                continue;
            }
            byte[] file = Files.readAllBytes(folder.resolve(fields[0]));
            String found = read(file, false, fields[7]);
            if (found.startsWith("refused") && !fields[8].equals("-")) {
                refused.put(fields[0], found);
                found = read(file, true, fields[7]);
            }
            boolean both = found.startsWith("refused") && fields[8].equals("-");
            if (!both && !found.equals(fields[8]) && !UNSUPPORTED.containsKey(fields[0])) {
                different.put(fields[0], found);
            }
        }
        assertEquals(Map.of(), different);
        UNSUPPORTED.forEach((file, name) ->
                assertTrue(refused.getOrDefault(file, "").contains(name), () -> file + " " + refused.get(file)));
        refused.keySet().removeAll(UNSUPPORTED.keySet());
        assertEquals(DAMAGED.keySet(), refused.keySet(), refused::toString);
    }

    private static String read(byte[] file, boolean lenient, String exifOrientation) {
        try {
            Image image = JpegDecoder.decode(
                    file, new DecodeOptions(DecodeOptions.defaults().sixteenBit(), lenient, LIMITS));
            String orientation = exifOrientation.matches("[1-8]") ? exifOrientation : "1";
            return String.valueOf(image.orientation()).equals(orientation)
                    ? Hashes.rgb(image)
                    : "orientation " + image.orientation();
        } catch (GlintException e) {
            return "refused: " + e.getMessage();
        }
    }
}
