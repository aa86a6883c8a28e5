package dev.glint.runtime.decode.png;

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
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Files that are broken or ask for too much: refused with the place, or decoded as far as they go. */
class PngDamageTest {
    private static final DecodeOptions STRICT = DecodeOptions.defaults();
    private static final DecodeOptions LENIENT = new DecodeOptions(STRICT.sixteenBit(), true, DecodeLimits.defaults());
    private static final Image NOISE = SyntheticPictures.noise(40, 50, Mode.RGB);
    private static final byte[] SOUND = PngFile.of(NOISE);

    private static PngFile gray(int width, int height) {
        return new PngFile().header(width, height, 8, 0, 0);
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < SOUND.length; length += length < 64 ? 1 : 97) {
            GlintException e = refused(Reason.INPUT, Arrays.copyOf(SOUND, length));
            if (length >= 8) {
                assertTrue(e.getMessage().contains("at byte " + length), e.getMessage());
            }
        }
        refused(Reason.INPUT, Arrays.copyOf(SOUND, SOUND.length - 1));
        refused(Reason.INPUT, Arrays.copyOf(SOUND, SOUND.length - 12));
    }

    @Test
    void everyFlippedBitIsRefused() {
        for (int bit = 0; bit < 8 * SOUND.length; bit += 61) {
            byte[] broken = SOUND.clone();
            broken[bit / 8] ^= (byte) (1 << bit % 8);
            refused(Reason.INPUT, broken, Reason.LIMIT);
        }
    }

    @Test
    void lenientDecodesTheRowsThatAreThere() {
        Image half = ImageDecoder.decode(Arrays.copyOf(SOUND, SOUND.length / 2), LENIENT);
        int rows = 0;
        int rowLength = 40 * 3;
        while (rows < 50
                && Arrays.equals(
                        half.samples(),
                        rows * rowLength,
                        (rows + 1) * rowLength,
                        NOISE.samples(),
                        rows * rowLength,
                        (rows + 1) * rowLength)) {
            rows++;
        }
        assertTrue(rows >= 20 && rows <= 30, rows + " rows of half a file of noise");
        byte[] rest = Arrays.copyOfRange(half.samples(), (rows + 1) * rowLength, half.samples().length);
        assertArrayEquals(new byte[rest.length], rest);
    }

    @Test
    void lenientOverlooksWrongChecksums() {
        byte[] broken = SOUND.clone();
        broken[SOUND.length - 12 - 1] ^= 1;
        assertArrayEquals(NOISE.samples(), ImageDecoder.decode(broken, LENIENT).samples());
    }

    @Test
    void sizesBeyondTheLimitsAreRefusedBeforeAllocation() {
        says(refused(Reason.LIMIT, header(60_000, 60_000)), "60000x60000", "16384 per side");
        says(refused(Reason.LIMIT, header(16_384, 16_384)), "268435456 pixels", "at most 40000000 pixels");
        refused(Reason.LIMIT, header(16_385, 1));
        refused(Reason.LIMIT, header(1, 16_385));
        refused(Reason.LIMIT, header(Integer.MAX_VALUE, Integer.MAX_VALUE));
        says(refused(Reason.INPUT, header(0, 1)), "a size of 0x1");
        says(refused(Reason.INPUT, header(1, -1)), "a size of 1x4294967295");
    }

    @Test
    void sizesAtTheLimitsAreDecoded() {
        byte[] row = new byte[1 + 16_384];
        row[16_384] = 7;
        assertEquals(
                7,
                ImageDecoder.decode(gray(16_384, 1).imageData(row).end(), STRICT)
                        .sample(16_383, 0, 0));
        DecodeLimits tight = new DecodeLimits(40 * 50, SOUND.length, 50, 1);
        DecodeOptions options = new DecodeOptions(STRICT.sixteenBit(), false, tight);
        assertArrayEquals(NOISE.samples(), ImageDecoder.decode(SOUND, options).samples());
        for (DecodeLimits below : new DecodeLimits[] {
            new DecodeLimits(40 * 50 - 1, SOUND.length, 50, 1),
            new DecodeLimits(40 * 50, SOUND.length - 1, 50, 1),
            new DecodeLimits(40 * 50, SOUND.length, 49, 1)
        }) {
            refused(Reason.LIMIT, SOUND, new DecodeOptions(STRICT.sixteenBit(), false, below));
        }
    }

    @Test
    void aLargePictureOfNoDataIsRefusedBeforeAllocation() {
        byte[] file = gray(6000, 6000).imageData(new byte[10]).end();
        says(refused(Reason.INPUT, file), file.length + " bytes for 6000x6000 pixels");
    }

    @Test
    void textThatUnpacksBeyondTheLimitIsRefused() {
        byte[] bomb = PngFile.deflate(new byte[(1 << 20) + 1]);
        byte[] fine = PngFile.deflate(new byte[1 << 20]);
        assertTrue(bomb.length < 2000);
        for (String type : new String[] {"zTXt", "iCCP"}) {
            byte[] keyword = {'k', 0, 0};
            says(
                    refused(Reason.LIMIT, withChunk(type, concat(keyword, bomb))),
                    "chunk " + type + " at byte 33",
                    "1048576");
            accepted(withChunk(type, concat(keyword, fine)));
        }
        byte[] international = {'k', 0, 1, 0, 'e', 'n', 0, 'k', 0};
        refused(Reason.LIMIT, withChunk("iTXt", concat(international, bomb)));
        accepted(withChunk("iTXt", concat(international, fine)));
        refused(Reason.LIMIT, withChunk("tEXt", new byte[(1 << 20) + 1]));
        accepted(withChunk("tEXt", new byte[1 << 20]));
        accepted(withChunk("zTXt", new byte[] {'k', 0, 0, 1, 2, 3}));
        accepted(withChunk("iTXt", new byte[] {'k', 0, 1, 0}));
        accepted(withChunk("zTXt", new byte[0]));
    }

    @Test
    void manySmallBombsAreRefusedTogether() {
        PngFile file = gray(1, 1);
        byte[] text = concat(new byte[] {'k', 0, 0}, PngFile.deflate(new byte[1 << 20]));
        for (int i = 0; i < 65; i++) {
            file.chunk("zTXt", text);
        }
        says(refused(Reason.LIMIT, file.imageData(new byte[2]).end()), "altogether");
    }

    @Test
    void manyEmptyTextsAreRefusedTogether() {
        PngFile file = gray(1, 1);
        for (int i = 0; i < 64 * 256; i++) {
            file.chunk("zTXt", new byte[0]);
        }
        accepted(gray(1, 1).imageData(new byte[2]).end());
        file.chunk("zTXt", new byte[0]);
        says(refused(Reason.LIMIT, file.imageData(new byte[2]).end()), "altogether");
    }

    @Test
    void chunksOutOfOrderOrPlaceAreRefused() {
        byte[] pixel = PngFile.deflate(new byte[2]);
        says(refused(Reason.INPUT, new PngFile().chunk("IDAT", pixel).end()), "IHDR");
        says(refused(Reason.INPUT, gray(1, 1).end()), "a chunk IDAT");
        says(
                refused(
                        Reason.INPUT,
                        gray(1, 1).header(1, 1, 8, 0, 0).chunk("IDAT", pixel).end()),
                "chunk IHDR",
                "at byte 33");
        says(
                refused(
                        Reason.INPUT,
                        gray(1, 1)
                                .chunk("IDAT", pixel)
                                .chunk("tEXt", new byte[1])
                                .chunk("IDAT", pixel)
                                .end()),
                "apart");
        says(
                refused(
                        Reason.INPUT,
                        gray(1, 1)
                                .chunk("ABCD", new byte[1])
                                .chunk("IDAT", pixel)
                                .end()),
                "chunk ABCD");
        says(refused(Reason.INPUT, gray(1, 1).chunk("1DAT", pixel).end()), "no chunk type");
        PngFile noPalette = new PngFile().header(1, 1, 8, 3, 0).chunk("IDAT", pixel);
        says(refused(Reason.INPUT, noPalette.end()), "without a palette");
        PngFile latePalette =
                new PngFile().header(1, 1, 8, 3, 0).chunk("IDAT", pixel).chunk("PLTE", new byte[3]);
        says(refused(Reason.INPUT, latePalette.end()), "without a palette");
        says(
                refused(
                        Reason.INPUT,
                        new PngFile()
                                .header(1, 1, 8, 3, 0)
                                .chunk("PLTE", new byte[4])
                                .end()),
                "PLTE of 4 bytes");
        says(refused(Reason.INPUT, gray(1, 1).chunk("tRNS", new byte[1]).end()), "tRNS of 1 bytes");
    }

    @Test
    void headersThatPngDoesNotKnowAreRefused() {
        says(refused(Reason.INPUT, new PngFile().header(1, 1, 8, 1, 0).end()), "colour type 1 with bit depth 8");
        says(refused(Reason.INPUT, new PngFile().header(1, 1, 4, 2, 0).end()), "colour type 2 with bit depth 4");
        says(refused(Reason.INPUT, new PngFile().header(1, 1, 8, 0, 2).end()), "interlace method 2");
        says(refused(Reason.INPUT, new PngFile().chunk("IHDR", new byte[14]).end()), "IHDR of 14 bytes");
    }

    @Test
    void imageDataThatDoNotFillThePictureAreRefused() {
        says(refused(Reason.INPUT, gray(2, 2).imageData(new byte[5]).end()), "end too early");
        says(
                refused(
                        Reason.INPUT,
                        gray(2, 2).imageData(new byte[] {5, 0, 0, 0, 0, 0}).end()),
                "row filter 5");
        says(
                refused(
                        Reason.INPUT,
                        gray(2, 2).chunk("IDAT", new byte[] {1, 2, 3}).end()),
                "do not unpack");
        byte[] dictionary = {0x78, (byte) 0xbb, 0, 0, 0, 1};
        refused(Reason.INPUT, gray(2, 2).chunk("IDAT", dictionary).end());
    }

    @Test
    void whatFollowsTheLastRowDoesNotMatter() {
        byte[] more = new byte[200];
        accepted(gray(2, 2).imageData(more).end());
        byte[] wrongChecksum = PngFile.deflate(new byte[6]);
        wrongChecksum[wrongChecksum.length - 1] ^= 1;
        accepted(gray(2, 2).chunk("IDAT", wrongChecksum).end());
        accepted(gray(2, 2)
                .imageData(new byte[6])
                .chunk("IEND", new byte[0])
                .raw(new byte[99])
                .bytes());
    }

    @Test
    void anAnimationGivesItsDefaultImage() {
        byte[] control = ByteBuffer.allocate(26).putInt(0).putInt(2).putInt(2).array();
        byte[] later = concat(new byte[4], PngFile.deflate(new byte[] {0, 1, 2, 0, 3, 4}));
        Image first = ImageDecoder.decode(
                gray(2, 2)
                        .chunk("acTL", new byte[] {0, 0, 0, 2, 0, 0, 0, 0})
                        .chunk("fcTL", control)
                        .imageData(new byte[] {0, 9, 8, 0, 7, 6})
                        .chunk("fcTL", control)
                        .chunk("fdAT", later)
                        .end(),
                STRICT);
        assertArrayEquals(new byte[] {9, 8, 7, 6}, first.samples());
    }

    @Test
    void theOrientationTagIsReportedWhereverItStands() {
        byte[] exif = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0};
        byte[] before = withChunk("eXIf", exif);
        byte[] behind = gray(1, 1).imageData(new byte[2]).chunk("eXIf", exif).end();
        for (byte[] file : new byte[][] {before, behind}) {
            assertEquals(6, ImageDecoder.decode(file, STRICT).orientation());
            assertEquals(6, ImageDecoder.probe(file, STRICT).orientation());
        }
        assertEquals(
                1, ImageDecoder.decode(withChunk("eXIf", new byte[0]), STRICT).orientation());
    }

    private static byte[] header(int width, int height) {
        return gray(width, height).imageData(new byte[1]).end();
    }

    private static byte[] withChunk(String type, byte[] data) {
        return gray(1, 1).chunk(type, data).imageData(new byte[2]).end();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        return ByteBuffer.allocate(a.length + b.length).put(a).put(b).array();
    }

    private static void accepted(byte[] file) {
        ImageDecoder.decode(file, STRICT);
    }

    private static void says(GlintException e, String... parts) {
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    private static GlintException refused(Reason reason, byte[] file, Reason... others) {
        GlintException e = assertThrows(GlintException.class, () -> ImageDecoder.decode(file, STRICT));
        assertTrue(e.reason() == reason || Arrays.asList(others).contains(e.reason()), e.getMessage());
        return e;
    }

    private static void refused(Reason reason, byte[] file, DecodeOptions options) {
        assertEquals(
                reason,
                assertThrows(GlintException.class, () -> ImageDecoder.decode(file, options))
                        .reason());
    }
}
