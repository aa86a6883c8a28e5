package dev.glint.runtime.decode.bmp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where the format's description decides and not Pillow, worked out by hand. */
class BmpDecoderTest {
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BITFIELDS = 3;

    @Test
    void anEndOfLineEndsAnEmptyRow() {
        assertArrayEquals(
                new byte[] {0, 0, 7, 7, 0, 0, 5, 5}, rows(gray(2, 4, RLE8, 2, 5, 0, 0, 0, 0, 2, 7, 0, 0, 0, 1)));
    }

    @Test
    void deltaMovesRightAndUp() {
        assertArrayEquals(new byte[] {0, 0, 9, 0, 0, 0, 4, 0, 0}, rows(gray(3, 3, RLE8, 1, 4, 0, 2, 1, 2, 1, 9, 0, 1)));
    }

    @Test
    void oddLiteralsKeepTheirLastPixel() {
        assertArrayEquals(
                new byte[] {1, 2, 3, 4, 5, 6}, rows(gray(6, 1, RLE4, 0, 5, 0x12, 0x34, 0x50, 0, 1, 0x66, 0, 1)));
        assertArrayEquals(new byte[] {1, 2, 3, 6}, rows(gray(4, 1, RLE8, 0, 3, 1, 2, 3, 0, 1, 6, 0, 1)));
    }

    @Test
    void whatAnEndOfBitmapLeavesOutIsIndexZero() {
        assertArrayEquals(new byte[] {0, 0, 0, 8}, rows(gray(2, 2, RLE8, 0, 2, 1, 0, 1, 8, 0, 1)));
        refused(Reason.INPUT, gray(2, 2, RLE8, 0, 2, 1, 0, 1, 8), "run-length data");
    }

    @Test
    void pixelsBeyondARowOrTheLastRowAreDropped() {
        assertArrayEquals(new byte[] {3, 3}, rows(gray(2, 1, RLE8, 200, 3, 200, 4, 0, 0, 9, 9, 9, 9)));
    }

    /** Runs in a process of its own: prints the seconds of processor time that a picture takes. */
    public static final class Decode {
        private Decode() {}

        public static void main(String[] args) {
            byte[] file = codesThatShowNothing();
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadCpuTime();
            ImageDecoder.decode(file, DecodeOptions.defaults());
            System.out.print((threads.getCurrentThreadCpuTime() - before) / 1e9);
        }
    }

    private static byte[] codesThatShowNothing() {
        int[] data = new int[2 << 20];
        Arrays.fill(data, 255);
        return gray(1, 1, RLE8, data);
    }

    /**
     * Runs of 255 pixels, of which one is seen. In the interpreter, because a compiler that sees what runs leaves out the
     * loop over the others, as the one of the native binary does not.
     */
    @Test
    void codesThatShowNothingCostLittle() throws IOException {
        assertArrayEquals(new byte[] {(byte) 255}, rows(codesThatShowNothing()));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xint",
                        "-cp",
                        classPath,
                        Decode.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = process.inputReader()) {
            double seconds = Double.parseDouble(out.readLine());

            assertTrue(seconds < 5, seconds + " s");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void anyBitFieldsAreScaledToEightBits() {
        byte[] file =
                fields(32, new int[] {0x3ff00000, 0x000ffc00, 0x000003ff, 0xc0000000}, 0x80000000 | 512 << 20 | 1023);
        Image image = ImageDecoder.decode(file, DecodeOptions.defaults());
        assertEquals(Mode.RGBA, image.mode());
        assertArrayEquals(new byte[] {127, 0, (byte) 255, (byte) 170}, image.samples());
    }

    @Test
    void alphaIsKept() {
        byte[] file = fields(32, new int[] {0xff, 0xff00, 0xff0000, 0xff000000}, 0x04030201);
        assertArrayEquals(
                new byte[] {1, 2, 3, 4},
                ImageDecoder.decode(file, DecodeOptions.defaults()).samples());
    }

    @Test
    void masksThatOverlapOrLeaveThePixelAreRefused() {
        refused(Reason.INPUT, fields(32, new int[] {0xff, 0xff, 0xff00, 0}, 0), "overlap");
        refused(Reason.INPUT, fields(16, new int[] {0xff0000, 0xff00, 0xff, 0}, 0), "exceed");
        refused(Reason.INPUT, fields(16, new int[] {0, 0, 0, 0}, 0), "masks of 0");
    }

    @Test
    void sizesAreCheckedBeforeAllocation() {
        refused(Reason.LIMIT, gray(60_000, 60_000, 0), "60000x60000");
        refused(Reason.LIMIT, gray(1, Integer.MIN_VALUE, 0), "1x2147483648");
        refused(Reason.INPUT, gray(-1, 1, 0), "a size of -1x1");
        refused(Reason.INPUT, gray(6000, 6000, 0), "6000 rows of 6000 bytes");
    }

    /** An 8-bit (RLE4: 4-bit) bitmap whose colours are gray of their own index. */
    private static byte[] gray(int width, int height, int compression, int... data) {
        int bits = compression == RLE4 ? 4 : 8;
        int colors = 1 << bits;
        ByteBuffer file = header(width, height, bits, compression, 54 + 4 * colors, 4 * colors + data.length);
        for (int i = 0; i < colors; i++) {
            file.putInt(i * 0x010101);
        }
        for (int value : data) {
            file.put((byte) value);
        }
        return file.array();
    }

    private static byte[] fields(int bits, int[] masks, int pixel) {
        ByteBuffer file = header(1, 1, bits, BITFIELDS, 14 + 108, 68 + 4);
        file.putInt(14, 108);
        for (int mask : masks) {
            file.putInt(mask);
        }
        return file.putInt(14 + 108, pixel).array();
    }

    private static ByteBuffer header(int width, int height, int bits, int compression, int data, int rest) {
        return ByteBuffer.allocate(54 + rest)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 'B')
                .put((byte) 'M')
                .putInt(54 + rest)
                .putInt(0)
                .putInt(data)
                .putInt(40)
                .putInt(width)
                .putInt(height)
                .putShort((short) 1)
                .putShort((short) bits)
                .putInt(compression)
                .position(54);
    }

    private static byte[] rows(byte[] file) {
        Image image = ImageDecoder.decode(file, DecodeOptions.defaults());
        assertEquals(Mode.GRAY, image.mode());
        return image.samples();
    }

    private static void refused(Reason reason, byte[] file, String found) {
        GlintException e =
                assertThrows(GlintException.class, () -> ImageDecoder.decode(file, DecodeOptions.defaults()));
        assertEquals(reason, e.reason());
        assertTrue(e.getMessage().contains(found), e.getMessage());
    }
}
