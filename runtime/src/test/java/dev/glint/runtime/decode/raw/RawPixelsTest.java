package dev.glint.runtime.decode.raw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.SyntheticPictures;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RawPixelsTest {
    /** Of ITU-R BT.601-7, as the standard gives the inverse of its matrix, rounded to six digits. */
    private static final double[] BT601 = {1.402, 0.344136, 0.714136, 1.772};

    @Test
    void rgbIsRgbAndBgrTheOtherWayRound() {
        Image noise = SyntheticPictures.noise(7, 5, Image.Mode.RGB);
        byte[] bgr = noise.samples().clone();
        for (int i = 0; i < bgr.length; i += 3) {
            byte red = bgr[i];
            bgr[i] = bgr[i + 2];
            bgr[i + 2] = red;
        }
        Image rgb = new RawPixels(PixelFormat.RGB, 7, 5, noise.samples()).toImage();

        assertArrayEquals(noise.samples(), rgb.samples());
        assertTrue(noise.samples() != rgb.samples(), "a buffer that a camera will fill again");
        assertArrayEquals(
                noise.samples(),
                new RawPixels(PixelFormat.BGR, 7, 5, bgr).toImage().samples());
    }

    /** Every colour there is: at most a thousandth farther from the standard's real numbers than rounding goes. */
    @ParameterizedTest
    @CsvSource({
        "NV21, 16, 219, 224",
        "NV21_FULL_RANGE, 0, 255, 255",
        "YUYV, 16, 219, 224",
        "YUYV_FULL_RANGE, 0, 255, 255"
    })
    void everyColorIsThatOfTheStandard(PixelFormat format, int black, double luminance, double difference) {
        boolean planar = format.name().startsWith("NV21");
        byte[] row = new byte[planar ? 2 * 2 * 256 : 2 * 256];
        for (int u = 0; u < 256; u++) {
            for (int v = 0; v < 256; v++) {
                for (int y = 0; y < 256; y++) {
                    if (planar) {
                        row[y] = (byte) y;
                        row[256 + y] = (byte) (y % 2 == 0 ? v : u);
                    } else {
                        row[2 * y] = (byte) y;
                        row[2 * y + 1] = (byte) (y % 2 == 0 ? u : v);
                    }
                }
                byte[] rgb = new RawPixels(format, 256, 1, Arrays.copyOf(row, 512))
                        .toImage()
                        .samples();
                double du = 255 / difference * (u - 128);
                double dv = 255 / difference * (v - 128);
                for (int y = 0; y < 256; y++) {
                    double light = 255 / luminance * (y - black);
                    near(light + BT601[0] * dv, rgb[3 * y]);
                    near(light - BT601[1] * du - BT601[2] * dv, rgb[3 * y + 1]);
                    near(light + BT601[3] * du, rgb[3 * y + 2]);
                }
            }
        }
    }

    private static void near(double expected, byte found) {
        double limited = Math.max(0, Math.min(255, expected));
        if (Math.abs(limited - (found & 0xff)) > 0.501) {
            throw new AssertionError("expected " + limited + ", found " + (found & 0xff));
        }
    }

    /** A colour bar of SMPTE's in each format, from the tables of video engineers. */
    @Test
    void colorBars() {
        assertArrayEquals(rgb(255, 255, 255), yuyv(235, 128, 128));
        assertArrayEquals(rgb(0, 0, 0), yuyv(16, 128, 128));
        assertArrayEquals(rgb(254, 0, 0), yuyv(81, 90, 240));
        assertArrayEquals(rgb(0, 255, 1), yuyv(145, 54, 34));
        assertArrayEquals(rgb(0, 0, 255), yuyv(41, 240, 110));
        assertArrayEquals(rgb(0, 0, 0), yuyv(0, 128, 128), "blacker than black");
    }

    private static byte[] yuyv(int y, int u, int v) {
        byte[] pair = {(byte) y, (byte) u, (byte) y, (byte) v};
        return Arrays.copyOf(
                new RawPixels(PixelFormat.YUYV, 2, 1, pair).toImage().samples(), 3);
    }

    private static byte[] rgb(int red, int green, int blue) {
        return new byte[] {(byte) red, (byte) green, (byte) blue};
    }

    /** A gray step for each pixel, a colour for each pair of columns, and of NV21 each pair of rows; odd edges have their own. */
    @ParameterizedTest
    @EnumSource(names = {"NV21_FULL_RANGE", "YUYV_FULL_RANGE"})
    void differencesStandForThePixelsThatShareThem(PixelFormat format) {
        boolean planar = format == PixelFormat.NV21_FULL_RANGE;
        int stride = planar ? 6 : 12;
        byte[] bytes = new byte[planar ? 6 * 3 + 6 * 2 : 12 * 3];
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 5; x++) {
                bytes[y * stride + (planar ? x : 2 * x)] = (byte) (10 * (5 * y + x));
                int v = 128 + 10 * (x / 2) + 3 * (planar ? y / 2 : y);
                bytes[planar ? 18 + y / 2 * 6 + x / 2 * 2 : y * 12 + x / 2 * 4 + 3] = (byte) v;
                bytes[planar ? 18 + y / 2 * 6 + x / 2 * 2 + 1 : y * 12 + x / 2 * 4 + 1] = (byte) 128;
            }
        }
        Image image = new RawPixels(format, 5, 3, bytes).toImage();
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 5; x++) {
                int gray = 10 * (5 * y + x);
                int dv = 10 * (x / 2) + 3 * (planar ? y / 2 : y);
                assertEquals(Math.round(gray + 1.402 * dv), image.sample(x, y, 0), x + "," + y);
                assertEquals(gray, image.sample(x, y, 2));
            }
        }
    }

    /** What lies between the rows is not looked at, and may be missing behind the last. */
    @ParameterizedTest
    @EnumSource
    void aStrideSkipsWhatLiesBetweenTheRows(PixelFormat format) {
        int width = 6;
        int height = 4;
        int rowBytes = format.rowBytes(width);
        int rows = format.rows(height);
        byte[] tight = SyntheticPictures.noise(rowBytes, rows, Image.Mode.GRAY).samples();
        byte[] wide = new byte[(rowBytes + 7) * rows];
        Arrays.fill(wide, (byte) 99);
        for (int y = 0; y < rows; y++) {
            System.arraycopy(tight, y * rowBytes, wide, y * (rowBytes + 7), rowBytes);
        }
        byte[] expected = new RawPixels(format, width, height, tight).toImage().samples();
        for (int missing : new int[] {0, 3, 7}) {
            byte[] given = Arrays.copyOf(wide, wide.length - missing);
            assertArrayEquals(
                    expected,
                    new RawPixels(format, width, height, rowBytes + 7, given)
                            .toImage()
                            .samples());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RGB, 4, 2, 12, 23, 'found 23 bytes of pixels, expected 24 for 4x2 in RGB with a stride of 12'",
        "RGB, 4, 2, 12, 25, 'found 25 bytes of pixels, expected 24 for 4x2 in RGB with a stride of 12'",
        "RGB, 4, 2, 16, 27, 'found 27 bytes of pixels, expected 28 to 32 for 4x2 in RGB with a stride of 16'",
        "BGR, 4, 2, 11, 24, 'found a stride of 11 bytes, expected at least 12, which a row of 4 pixels in BGR takes'",
        "NV21, 4, 4, 4, 16, 'found 16 bytes of pixels, expected 24 for 4x4 in NV21 with a stride of 4'",
        "NV21, 5, 3, 5, 25, 'found a stride of 5 bytes, expected at least 6'",
        "YUYV, 3, 1, 8, 7, 'found 7 bytes of pixels, expected 8 for 3x1 in YUYV with a stride of 8'",
        "RGB, 0, 2, 12, 24, 'found pixels of 0x2, expected at least one'",
        "RGB, 4, -2, 12, 24, 'found pixels of 4x-2, expected at least one'",
        "NV21, 1, 1, 2147483647, 4, 'found 4 bytes of pixels, expected 2147483649 to 4294967294'"
    })
    void refusesWhatIsNotJustThatPicture(
            PixelFormat format, int width, int height, int stride, int length, String found) {
        GlintException e = assertThrows(
                GlintException.class, () -> new RawPixels(format, width, height, stride, new byte[length]));
        assertEquals(Reason.INPUT, e.reason());
        assertTrue(String.valueOf(e.getMessage()).contains(found), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains("; check the format and the size"), e.getMessage());
    }

    @Test
    void aLimitIsALimit() {
        for (int[] size : new int[][] {{20_000, 1}, {Integer.MAX_VALUE, Integer.MAX_VALUE}, {8_000, 8_000}}) {
            GlintException e = assertThrows(
                    GlintException.class, () -> new RawPixels(PixelFormat.YUYV, size[0], size[1], new byte[4]));
            assertEquals(Reason.LIMIT, e.reason());
        }
    }
}
