package dev.glint.runtime.decode.jpeg;

import static dev.glint.runtime.decode.jpeg.JpegFiles.frame;
import static dev.glint.runtime.decode.jpeg.JpegFiles.part;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.jpeg.JpegFiles.Part;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a file is put together: what must not matter, what is refused, and by which words. */
class JpegStructureTest {
    private static final DecodeOptions STRICT = DecodeOptions.defaults();
    private static final DecodeOptions LENIENT = new DecodeOptions(STRICT.sixteenBit(), true, DecodeLimits.defaults());

    private final byte[] file = JpegFiles.bytes("size-67x45-420.jpg");
    private final Image picture = decode(file);

    @Test
    void fillBytesBeforeMarkers() {
        ByteArrayOutputStream filled = new ByteArrayOutputStream();
        for (Part part : JpegFiles.parts(file)) {
            if (part.marker() != Marker.SOI && part.marker() != Marker.APP0) {
                filled.writeBytes(new byte[] {-1, -1, -1});
            }
            filled.writeBytes(JpegFiles.file(List.of(part)));
        }
        assertSame(filled.toByteArray());
    }

    @Test
    void tablesInAnyOrderAndOnlyWhenNeeded() {
        List<Part> parts = new ArrayList<>(JpegFiles.parts(file));
        int frame = indexOf(parts, Marker.SOF0);
        parts.add(1, parts.remove(frame));
        int scan = indexOf(parts, Marker.SOS);
        List<Part> between = parts.subList(2, scan);
        Collections.reverse(between);
        assertSame(JpegFiles.file(parts));
    }

    @Test
    void standardHuffmanTablesWhereNoneAreDefined() {
        List<Part> parts = new ArrayList<>(JpegFiles.parts(file));
        assertTrue(parts.removeIf(part -> part.marker() == Marker.DHT));
        assertSame(JpegFiles.file(parts));
    }

    @Test
    void othersMetadataAndStrayBytesBetweenSegments() {
        List<Part> parts = new ArrayList<>(JpegFiles.parts(file));
        parts.add(1, part(Marker.COM, 'h', 'i'));
        parts.add(2, part(Marker.APP0 + 7, 0xff, Marker.SOS, 0xff, 0xd9));
        parts.add(3, part(Marker.APP1, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Part part : parts) {
            out.writeBytes(JpegFiles.file(List.of(part)));
            out.writeBytes(part.marker() == Marker.DQT ? new byte[] {1, 2, (byte) 0xff, 0, 3} : new byte[0]);
        }
        assertSame(out.toByteArray());
    }

    @Test
    void whatFollowsTheEndIsNoPartOfIt() {
        byte[] longer = Arrays.copyOf(file, file.length + 1000);
        Arrays.fill(longer, file.length, longer.length, (byte) 0xff);
        assertSame(longer);
    }

    @Test
    void missingEndIsTruncation() {
        byte[] shorter = Arrays.copyOf(file, file.length - 2);
        assertRefused(Reason.INPUT, shorter, "ends too early, at byte " + shorter.length);
        assertArrayEquals(
                picture.samples(), JpegDecoder.decode(shorter, LENIENT).samples());
    }

    @Test
    void missingEndBehindOtherBytesIsLetPass() {
        byte[] garbage = Arrays.copyOf(file, file.length + 20);
        garbage[file.length - 1] = 0;
        assertSame(garbage);
        byte[] secondFrame = JpegFiles.file(List.of(part(Marker.EOI), frame(Marker.SOF0, 1, 1, 0x11)));
        byte[] broken = Arrays.copyOf(file, file.length + secondFrame.length - 2);
        System.arraycopy(secondFrame, 2, broken, file.length - 2, secondFrame.length - 2);
        assertRefused(Reason.INPUT, broken, "a second SOF0");
    }

    @Test
    void everyTruncationIsRefusedStrictAndDecodedOrRefusedLenient() {
        for (String name : new String[] {"size-67x45-420.jpg", "restart-3B-progressive.jpg", "cmyk.jpg"}) {
            byte[] whole = JpegFiles.bytes(name);
            for (int length = 0; length < whole.length; length += 1 + length / 50) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertRefused(Reason.INPUT, cut, "");
                try {
                    JpegDecoder.decode(cut, LENIENT);
                } catch (GlintException e) {
                    assertEquals(Reason.INPUT, e.reason(), e.getMessage());
                }
            }
        }
    }

    @Test
    void colorModelByMarkersThenByIdentifiers() {
        byte[] rgb = JpegFiles.bytes("color-rgb.jpg");
        Image colors = decode(rgb);
        List<Part> parts = new ArrayList<>(JpegFiles.parts(rgb));
        parts.removeIf(part -> part.marker() == Marker.APP14);
        assertArrayEquals(colors.samples(), decode(JpegFiles.file(parts)).samples(), "named R, G, B");
        Part adobeYcc = adobe(1);
        parts.add(1, adobeYcc);
        assertFalse(
                Arrays.equals(colors.samples(), decode(JpegFiles.file(parts)).samples()), "Adobe says YCbCr");
        parts.set(1, adobe(0));
        assertArrayEquals(colors.samples(), decode(JpegFiles.file(parts)).samples(), "Adobe says RGB");
        parts.add(1, part(Marker.APP0, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0));
        assertFalse(
                Arrays.equals(colors.samples(), decode(JpegFiles.file(parts)).samples()), "JFIF is YCbCr");
    }

    @Test
    void exifOrientationIsReportedNotApplied() {
        Image image = decode(JpegFiles.bytes("exif-6.jpg"));
        assertEquals(6, image.orientation());
        assertEquals("24x16", image.width() + "x" + image.height());
        assertEquals(6, JpegDecoder.probe(JpegFiles.bytes("exif-6.jpg"), STRICT).orientation());
    }

    @Test
    void otherKindsAreRefusedByName() {
        assertRefused(header(frame(Marker.SOF0 + 3, 8, 8, 0x11)), "lossless JPEG (SOF3)");
        assertRefused(header(frame(Marker.SOF0 + 5, 8, 8, 0x11)), "hierarchical JPEG (SOF5)");
        assertRefused(header(frame(Marker.SOF0 + 9, 8, 8, 0x11)), "arithmetic coding (SOF9)");
        assertRefused(header(frame(Marker.SOF0 + 10, 8, 8, 0x11)), "arithmetic coding (SOF10)");
        assertRefused(header(frame(Marker.SOF0 + 11, 8, 8, 0x11)), "lossless JPEG with arithmetic coding (SOF11)");
        assertRefused(header(part(Marker.DHP, 8, 0, 8, 0, 8, 0)), "hierarchical JPEG (DHP)");
        assertRefused(header(frame(Marker.SOF0, 8, 8, 0x11, 0x11)), "JPEG of 2 components");
        assertRefused(header(frame(Marker.SOF0, 8, 0, 0x11)), "gives its height behind the pixels (DNL)");
        assertRefused(header(frame(Marker.SOF0, 8, 8, 0x31, 0x21, 0x11)), "component sampled at 2x1 of 3x1");
        Part twelveBits = frame(Marker.SOF1, 8, 8, 0x11);
        twelveBits.parameters()[0] = 12;
        assertRefused(header(twelveBits), "JPEG of 12 bits per sample");
    }

    @Test
    void damageIsRefusedWithItsPlace() {
        byte[] restart = JpegFiles.bytes("restart-1B.jpg");
        int second = indexOfMarker(restart, Marker.RST0 + 1);
        restart[second + 1] = (byte) (Marker.RST0 + 4);
        assertRefused(Reason.INPUT, restart, "marker RST4, at byte " + (second + 2) + "), expected RST1");

        List<Part> noQuantization = new ArrayList<>(JpegFiles.parts(file));
        noQuantization.removeIf(part -> part.marker() == Marker.DQT);
        assertRefused(Reason.INPUT, JpegFiles.file(noQuantization), "quantization table 0");

        byte[] early = Arrays.copyOf(file, file.length - 100);
        early[early.length - 2] = (byte) 0xff;
        early[early.length - 1] = (byte) Marker.EOI;
        assertRefused(Reason.INPUT, early, "image data that end too early, before EOI, at byte " + early.length);

        byte[] factor = file.clone();
        factor[indexOfMarker(file, Marker.SOF0) + 11] = 0x52;
        assertRefused(Reason.INPUT, factor, "sampling factor 5");
        assertRefused(Reason.INPUT, header(part(Marker.DHT, new int[40])), "DHT");
        assertRefused(Reason.INPUT, header(part(0x02)), "marker 0xFF02");
        assertRefused(Reason.INPUT, header(), "EOI before any SOS");
        assertRefused(Reason.INPUT, "JPEG".getBytes(StandardCharsets.US_ASCII), "no SOI, at byte 0");
    }

    @Test
    void limitsBeforeAllocation() {
        assertRefused(Reason.LIMIT, header(frame(Marker.SOF0, 60_000, 60_000, 0x11)), "60000x60000");
        assertRefused(Reason.LIMIT, header(frame(Marker.SOF2, 16_000, 16_000, 0x11)), "256000000 pixels");
        byte[] gray = JpegFiles.gray(40, 30, 0x11);
        assertEquals(40, JpegDecoder.decode(gray, limits(1200, gray.length, 40)).width());
        for (DecodeOptions options : List.of(
                limits(1199, gray.length, 40), limits(1200, gray.length - 1, 40), limits(1200, gray.length, 39))) {
            GlintException e = assertThrows(GlintException.class, () -> JpegDecoder.decode(gray, options));
            assertEquals(Reason.LIMIT, e.reason());
            assertEquals(
                    Reason.LIMIT,
                    assertThrows(GlintException.class, () -> JpegDecoder.probe(gray, options))
                            .reason());
        }
    }

    @Test
    void fewBytesCannotFillManyPixels() {
        byte[] small = JpegFiles.gray(16, 16, 0x11);
        int frame = indexOfMarker(small, Marker.SOF0);
        small[frame + 5] = 0x10;
        small[frame + 7] = 0x10;
        assertRefused(Reason.INPUT, small, small.length + " bytes for 4112x4112 pixels");
    }

    @Test
    void endlessScansAreALimit() {
        List<Part> parts = new ArrayList<>(
                List.of(part(Marker.SOI), JpegFiles.plainQuantization(), frame(Marker.SOF2, 2048, 2048, 0x11)));
        Part scan = part(Marker.SOS, 1, 1, 0, 0, 0, 0x10);
        // A scan of averages alone counts as a quarter of a pass.
        parts.addAll(Collections.nCopies(127, scan));
        parts.add(part(Marker.EOI));
        assertEquals(2048, JpegDecoder.decode(JpegFiles.file(parts), LENIENT).width());
        parts.addAll(3, List.of(scan, scan));
        assertTooManyScans(parts);
    }

    @Test
    void endlessRefinementsAreALimit() {
        List<Part> parts = new ArrayList<>(List.of(
                part(Marker.SOI),
                JpegFiles.plainQuantization(),
                frame(Marker.SOF2, 2048, 2048, 0x11),
                part(Marker.DHT, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xe0),
                part(Marker.SOS, 1, 1, 0, 0, 0, 0x10)));
        parts.addAll(Collections.nCopies(33, part(Marker.SOS, 1, 1, 0, 1, 63, 0x10)));
        parts.add(part(Marker.EOI));
        assertTooManyScans(parts);
    }

    private static void assertTooManyScans(List<Part> parts) {
        GlintException e = assertThrows(GlintException.class, () -> JpegDecoder.decode(JpegFiles.file(parts), LENIENT));
        assertEquals(Reason.LIMIT, e.reason());
        assertTrue(e.getMessage().contains("at most 32 passes"), e.getMessage());
    }

    @Test
    void flatPicture() {
        for (int[] factors : new int[][] {{0x11}, {0x22, 0x11, 0x11}, {0x11, 0x11, 0x11, 0x11}}) {
            byte[] gray = JpegFiles.gray(50, 41, factors);
            byte[] expected = new byte[50 * 41 * (factors.length == 1 ? 1 : 3)];
            // CMYK of half of each ink: half the light, halved again.
            Arrays.fill(expected, factors.length == 4 ? (byte) 64 : (byte) 128);
            assertArrayEquals(expected, decode(gray).samples());
        }
    }

    private static DecodeOptions limits(long pixels, int bytes, int side) {
        return new DecodeOptions(STRICT.sixteenBit(), false, new DecodeLimits(pixels, bytes, side, 1));
    }

    private static Part adobe(int transform) {
        return part(Marker.APP14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform);
    }

    private static byte[] header(Part... parts) {
        List<Part> all = new ArrayList<>(List.of(part(Marker.SOI)));
        all.addAll(List.of(parts));
        all.add(part(Marker.EOI));
        return JpegFiles.file(all);
    }

    private static int indexOf(List<Part> parts, int marker) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).marker() == marker) {
                return i;
            }
        }
        throw new AssertionError(Marker.name(marker));
    }

    private static int indexOfMarker(byte[] bytes, int marker) {
        for (int i = 0; i < bytes.length - 1; i++) {
            if (bytes[i] == (byte) 0xff && bytes[i + 1] == (byte) marker) {
                return i;
            }
        }
        throw new AssertionError(Marker.name(marker));
    }

    private static Image decode(byte[] bytes) {
        return JpegDecoder.decode(bytes, STRICT);
    }

    private void assertSame(byte[] other) {
        assertArrayEquals(picture.samples(), decode(other).samples());
    }

    private static void assertRefused(byte[] bytes, String words) {
        assertRefused(Reason.INPUT, bytes, words);
        GlintException lenient = assertThrows(GlintException.class, () -> JpegDecoder.decode(bytes, LENIENT));
        assertTrue(lenient.getMessage().contains(words), lenient.getMessage());
    }

    private static void assertRefused(Reason reason, byte[] bytes, String words) {
        GlintException e = assertThrows(GlintException.class, () -> decode(bytes));
        assertEquals(reason, e.reason(), e.getMessage());
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }
}
