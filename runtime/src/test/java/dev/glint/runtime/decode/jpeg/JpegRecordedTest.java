package dev.glint.runtime.decode.jpeg;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files of every kind, whole and damaged, against what Pillow 9.4 made of them; {@code record_jpeg.py} remakes them. */
class JpegRecordedTest {
    private static final DecodeOptions STRICT = DecodeOptions.defaults();
    private static final DecodeOptions LENIENT = new DecodeOptions(STRICT.sixteenBit(), true, DecodeLimits.defaults());

    @Test
    void wholeFilesAsPillow() {
        Map<String, String> differences = new TreeMap<>();
        for (String line : Resources.lines(JpegFiles.FOLDER + "files.tsv")) {
            String[] fields = line.split("\t");
            byte[] file = JpegFiles.bytes(fields[0]);
            ImageInfo info = JpegDecoder.probe(file, STRICT);
            String expected = fields[1] + " " + fields[2] + " " + fields[3];
            String found = info.mode() + " " + info.width() + "x" + info.height() + " " + hash(file, STRICT);
            if (!found.equals(expected) || !hash(file, LENIENT).equals(fields[3])) {
                differences.put(fields[0], found);
            }
        }
        assertEquals(Map.of(), differences);
    }

    /**
     * Lenient decoding has the pixels of Pillow with {@code LOAD_TRUNCATED_IMAGES}, which are libjpeg's. Strict decoding
     * refuses what Pillow refuses, and either refuses or equals what Pillow reads without a word.
     */
    @Test
    void damagedFilesAsPillow() {
        Map<String, String> differences = new TreeMap<>();
        int sameLenient = 0;
        int refused = 0;
        for (String line : Resources.lines(JpegFiles.FOLDER + "damaged.tsv")) {
            String[] fields = line.split("\t");
            byte[] file = JpegFiles.edited(JpegFiles.bytes(fields[0]), fields[1]);
            String lenient = hash(file, LENIENT);
            String strict = hash(file, STRICT);
            boolean libjpegGaveUp = fields[2].equals("-");
            if (!libjpegGaveUp && !lenient.equals(fields[2]) || !strict.equals("-") && !strict.equals(fields[3])) {
                differences.put(fields[0] + " " + fields[1], lenient + " " + strict);
            }
            sameLenient += libjpegGaveUp ? 0 : 1;
            refused += strict.equals("-") ? 1 : 0;
        }
        assertEquals(Map.of(), differences);
        assertTrue(sameLenient > 150 && refused > 150, sameLenient + " decoded, " + refused + " refused");
    }

    @Test
    void photosAsPillow() throws IOException {
        SharedData.require("photos");
        Map<String, String> differences = new TreeMap<>();
        for (String line : Resources.lines(JpegFiles.FOLDER + "photos.tsv")) {
            String[] fields = line.split("\t");
            String found = photoHash(SharedData.require(fields[0]));
            if (!found.equals(fields[1])) {
                differences.put(fields[0], found);
            }
        }
        assertEquals(Map.of(), differences);
    }

    private static String photoHash(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return hash(Files.readAllBytes(path), STRICT);
        }
        StringBuilder hashes = new StringBuilder();
        for (Path photo : photos(path)) {
            hashes.append(hash(Files.readAllBytes(photo), STRICT)).append('\n');
        }
        return Hashes.of(hashes.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static List<Path> photos(Path folder) throws IOException {
        try (Stream<Path> photos = Files.list(folder)) {
            return photos.sorted().toList();
        }
    }

    private static String hash(byte[] file, DecodeOptions options) {
        try {
            Image image = JpegDecoder.decode(file, options);
            return Hashes.rgb(image);
        } catch (GlintException e) {
            return "-";
        }
    }
}
