package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.PngFile;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Decoding allocates the picture and at most 8 MB beside it, whatever the format. */
class DecodeMemoryTest {
    private static final int WIDTH = 4000;
    private static final int HEIGHT = 1500;
    private static final long BESIDE = 8_000_000;

    @Test
    void png() {
        for (int interlace = 0; interlace < 2; interlace++) {
            int rows = interlace == 0 ? HEIGHT : 2 * HEIGHT;
            byte[] data = new byte[rows + 3 * WIDTH * HEIGHT];
            allocatesLittle(new PngFile()
                    .header(WIDTH, HEIGHT, 8, 2, interlace)
                    .imageData(data)
                    .end());
        }
    }

    @Test
    void bmp() {
        allocatesLittle(bitmap(24, 0, 3 * WIDTH * HEIGHT));
        allocatesLittle(bitmap(8, 1, 2));
    }

    @Test
    void pnm() {
        allocatesLittle(pixmap("P6 4000 1500 255\n", 3 * WIDTH * HEIGHT));
        allocatesLittle(pixmap("P5 4000 1500 65535\n", 2 * WIDTH * HEIGHT));
    }

    private static byte[] pixmap(String header, int samples) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(new byte[samples]);
        return file.toByteArray();
    }

    /** A bitmap of zeros; run-length data are an end of bitmap. */
    private static byte[] bitmap(int bits, int compression, int dataBytes) {
        ByteBuffer file = ByteBuffer.allocate(54 + 1024 + dataBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x4d42)
                .putInt(10, 54 + 1024)
                .putInt(14, 40)
                .putInt(18, WIDTH)
                .putInt(22, HEIGHT)
                .putShort(28, (short) bits)
                .putInt(30, compression);
        return file.put(54 + 1024 + dataBytes - 1, (byte) compression).array();
    }

    private static void allocatesLittle(byte[] encoded) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Image image = ImageDecoder.decode(encoded, DecodeOptions.defaults());
        long beside = threads.getCurrentThreadAllocatedBytes() - before - image.samples().length;
        assertTrue(beside >= 0 && beside < BESIDE, beside + " bytes beside the picture");
    }
}
