package dev.glint.runtime.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.glint.runtime.image.Image.Mode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PixelsTest {
    /** Worked out from EXIF 2.32: for each tag, where the stored row 0 and column 0 lie in the scene. */
    @ParameterizedTest
    @CsvSource({
        "1, 3, abcdef",
        "2, 3, cbafed",
        "3, 3, fedcba",
        "4, 3, defabc",
        "5, 2, adbecf",
        "6, 2, daebfc",
        "7, 2, fcebda",
        "8, 2, cfbead",
    })
    void turnsUpright(int orientation, int width, String expected) {
        Image stored = new Image(3, 2, Mode.GRAY, orientation, "abcdef".getBytes(StandardCharsets.US_ASCII));
        Image upright = Pixels.upright(stored);
        assertEquals(expected, new String(upright.samples(), StandardCharsets.US_ASCII));
        assertEquals(width, upright.width());
        assertEquals(1, upright.orientation());
    }

    @Test
    void keepsWhatNeedsNoChange() {
        Image gray = new Image(1, 1, Mode.GRAY, new byte[1]);
        assertSame(gray, new AlphaRule.CompositeOver(1, 2, 3).apply(gray));
        assertSame(gray, Pixels.upright(gray));
        assertSame(gray, Pixels.gray(gray));
        assertSame(gray, Pixels.centerCrop(gray, 1, 1));
        Image rgb = new Image(1, 1, Mode.RGB, new byte[3]);
        assertSame(rgb, rgb.toRgb());
    }

    @Test
    void compositesAtTheEndsOfAlphaExactly() {
        byte[] samples = {10, 20, 30, (byte) 255, 10, 20, 30, 0};
        Image over = new AlphaRule.CompositeOver(1, 2, 3).apply(new Image(2, 1, Mode.RGBA, samples));
        assertArrayEquals(new byte[] {10, 20, 30, 1, 2, 3}, over.samples());
    }

    @Test
    void compositesGrayOnAColorAsColor() {
        Image over = new AlphaRule.CompositeOver(1, 2, 3).apply(new Image(1, 1, Mode.GRAY_ALPHA, new byte[] {9, 0}));
        assertEquals(Mode.RGB, over.mode());
        assertArrayEquals(new byte[] {1, 2, 3}, over.samples());
    }
}
