package dev.glint.runtime.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeTest {

    /** Pillow's {@code ImageOps.contain} rounds half to even: 12.5 columns are 12, 13.5 are 14. */
    @ParameterizedTest
    @CsvSource({
        "50, 31, 24, 24, 24, 15",
        "31, 50, 24, 24, 15, 24",
        "10, 10, 24, 24, 24, 24",
        "10, 20, 5, 10, 5, 10",
        "100, 200, 25, 25, 12, 25",
        "200, 100, 27, 27, 27, 14",
        "1000, 1, 8, 8, 8, 1",
        "1, 1000, 8, 8, 1, 8"
    })
    void asLargeAsTheFrameAllows(
            int width, int height, int frameWidth, int frameHeight, int wantedWidth, int wantedHeight) {
        assertEquals(new Size(wantedWidth, wantedHeight), new Size(width, height).containedIn(frameWidth, frameHeight));
    }

    @Test
    void equalSizesAreEqualKeys() {
        assertEquals(new Size(3, 4), new Size(3, 4));
        assertEquals(new Size(3, 4).hashCode(), new Size(3, 4).hashCode());
        assertNotEquals(new Size(3, 4), new Size(4, 3));
        assertNotEquals(new Size(3, 4).hashCode(), new Size(4, 3).hashCode());
        assertEquals(new Size(4, 3), new Size(3, 4).transposed());
    }

    @Test
    void aPictureHasRowsAndColumns() {
        assertThrows(IllegalArgumentException.class, () -> new Size(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Size(1, 0));
    }
}
