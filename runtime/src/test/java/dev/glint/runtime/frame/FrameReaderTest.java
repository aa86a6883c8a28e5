package dev.glint.runtime.frame;

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
import dev.glint.runtime.testing.Resources;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final DecodeLimits LIMITS = DecodeLimits.defaults();
    private static final List<String> NAMES = Resources.lines("dev/glint/runtime/decode/jpeg/files.tsv").stream()
            .map(line -> line.split("\t")[0])
            .filter(name -> name.endsWith(".jpg"))
            .limit(8)
            .toList();

    private static byte[] jpeg(int index) {
        return Resources.bytes("dev/glint/runtime/decode/jpeg/" + NAMES.get(index));
    }

    private static byte[] joined(byte[]... pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        return all.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The pixels of each frame, or its failure. */
    private static List<Object> read(FrameReader reader) throws IOException {
        List<Object> found = new ArrayList<>();
        while (true) {
            try {
                Optional<Frame> frame = reader.next();
                if (frame.isEmpty()) {
                    return found;
                }
                found.add(frame.get().decode(DecodeOptions.defaults()));
            } catch (GlintException e) {
                found.add(e.getMessage());
            }
        }
    }

    private static List<Object> mjpeg(byte[]... pieces) throws IOException {
        return read(new MjpegFrameReader(new ByteArrayInputStream(joined(pieces)), LIMITS));
    }

    private static void assertFrame(byte[] expected, Object found) {
        Image image = ImageDecoder.decode(expected, DecodeOptions.defaults());
        assertTrue(found instanceof Image, String.valueOf(found));
        assertArrayEquals(image.samples(), ((Image) found).samples());
    }

    private static void assertFailure(String expected, Object found) {
        assertTrue(found instanceof String text && text.startsWith("found " + expected), String.valueOf(found));
    }

    @Test
    void everyKindOfJpegIsCutWhereItEnds() throws IOException {
        byte[][] files = new byte[NAMES.size()][];
        for (int i = 0; i < files.length; i++) {
            files[i] = jpeg(i);
        }

        List<Object> found = mjpeg(files);

        assertEquals(files.length, found.size());
        for (int i = 0; i < files.length; i++) {
            assertFrame(files[i], found.get(i));
        }
    }

    @Test
    void whatLiesBetweenFramesIsPassedOver() throws IOException {
        List<Object> found = mjpeg(
                text("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 12\r\n\r\n"),
                jpeg(0),
                text("\r\n--frame\r\n\r\n\u00ff\u00d8\u0000\u00ff"),
                jpeg(1),
                new byte[513]);

        assertEquals(2, found.size());
        assertFrame(jpeg(0), found.get(0));
        assertFrame(jpeg(1), found.get(1));
    }

    @Test
    void aThumbnailInASegmentIsNoFrame() throws IOException {
        byte[] thumbnail = jpeg(1);
        byte[] outer = jpeg(0);
        int length = thumbnail.length + 2;
        assertTrue(length < 1 << 16);
        byte[] segment = {(byte) 0xff, (byte) 0xe1, (byte) (length >> 8), (byte) length};
        byte[] carrying =
                joined(Arrays.copyOf(outer, 2), segment, thumbnail, Arrays.copyOfRange(outer, 2, outer.length));

        List<Object> found = mjpeg(carrying, jpeg(2));

        assertEquals(2, found.size());
        assertFrame(outer, found.get(0));
        assertFrame(jpeg(2), found.get(1));
    }

    @Test
    void aFrameThatBreaksOffDoesNotTakeTheNextOneAlong() throws IOException {
        byte[] whole = jpeg(0);
        List<Object> found = mjpeg(Arrays.copyOf(whole, whole.length - 10), jpeg(1));

        assertFailure("the start of another frame behind " + (whole.length - 10) + " bytes of one", found.get(0));
        assertFrame(jpeg(1), found.get(1));
        assertEquals(2, found.size());
    }

    @Test
    void aLastFrameThatBreaksOffIsTold() throws IOException {
        byte[] whole = jpeg(0);
        for (int length : new int[] {3, 20, whole.length / 2, whole.length - 1}) {
            List<Object> found = mjpeg(jpeg(1), Arrays.copyOf(whole, length));

            assertFrame(jpeg(1), found.get(0));
            assertFailure("a last frame that ends after ", found.get(1));
            assertEquals(2, found.size());
        }
    }

    @Test
    void segmentsThatMakeNoSenseEndTheirFrame() throws IOException {
        byte[] zeroLength = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 1, 9, 9};
        byte[] stray = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 3, 9, 9, 9};

        List<Object> found = mjpeg(zeroLength, jpeg(0), stray, jpeg(1));

        assertFailure("a segment of length 1, behind 6 bytes of a frame", found.get(0));
        assertFrame(jpeg(0), found.get(1));
        assertFailure("bytes that belong to no segment, behind 7 bytes of a frame", found.get(2));
        assertFrame(jpeg(1), found.get(3));
        assertEquals(4, found.size());
    }

    @Test
    void aFrameBeyondTheLimitIsRefused() throws IOException {
        DecodeLimits limits = new DecodeLimits(1_000_000, jpeg(0).length, 4096, 1000);
        byte[] large = joined(Arrays.copyOf(jpeg(0), 2), text("\u00ff\u00fe\u0003\u00e8"), new byte[998]);
        byte[] larger = joined(large, Arrays.copyOfRange(jpeg(0), 2, jpeg(0).length));

        List<Object> found = read(new MjpegFrameReader(new ByteArrayInputStream(joined(larger, jpeg(0))), limits));

        assertFailure("a frame of more bytes, expected at most " + jpeg(0).length, found.get(0));
        assertFrame(jpeg(0), found.get(1));
        assertEquals(2, found.size());
    }

    @Test
    void aStreamWithoutFramesIsNotReadForEver() throws IOException {
        DecodeLimits limits = new DecodeLimits(1_000_000, 1000, 4096, 1000);
        ByteArrayInputStream zeros = new ByteArrayInputStream(new byte[1 << 20]);

        List<Object> found = read(new MjpegFrameReader(zeros, limits));

        assertFailure("1000 bytes without a frame, expected JPEG frames", found.get(0));
        assertEquals(1, found.size());
        assertTrue(zeros.available() > 0);
    }

    @Test
    void rawFramesAreAsManyBytesEach() throws IOException {
        byte[] bytes = new byte[2 * 12 + 5];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        List<Object> found = read(new RawFrameReader(new ByteArrayInputStream(bytes), 2, 2, LIMITS));

        assertArrayEquals(Arrays.copyOf(bytes, 12), ((Image) found.get(0)).samples());
        assertArrayEquals(Arrays.copyOfRange(bytes, 12, 24), ((Image) found.get(1)).samples());
        assertFailure("a last frame of 5 bytes, expected 12 bytes, 2x2x3", found.get(2));
        assertEquals(3, found.size());
    }

    @Test
    void rawFramesBeyondTheLimitsAreRefusedBeforeTheyAreRead() {
        GlintException failure = assertThrows(
                GlintException.class,
                () -> new RawFrameReader(new ByteArrayInputStream(new byte[0]), 16_384, 16_384, LIMITS));

        assertEquals(Reason.LIMIT, failure.reason());
    }
}
