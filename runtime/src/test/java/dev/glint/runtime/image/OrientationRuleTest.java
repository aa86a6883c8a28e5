package dev.glint.runtime.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.glint.runtime.image.Image.Mode;
import org.junit.jupiter.api.Test;

class OrientationRuleTest {
    private static final Image ON_ITS_SIDE = new Image(2, 1, Mode.GRAY, 6, new byte[] {10, (byte) 200});

    @Test
    void applyTurnsThePictureUpright() {
        Image upright = OrientationRule.APPLY.apply(ON_ITS_SIDE);

        assertEquals(1, upright.width());
        assertEquals(2, upright.height());
        assertEquals(10, upright.sample(0, 0, 0));
        assertEquals(200, upright.sample(0, 1, 0));
    }

    @Test
    void ignoreLeavesItAsStored() {
        assertSame(ON_ITS_SIDE, OrientationRule.IGNORE.apply(ON_ITS_SIDE));
    }

    @Test
    void fiveToEightLieOnTheirSide() {
        for (int orientation = 1; orientation <= 8; orientation++) {
            assertEquals(orientation > 4, OrientationRule.APPLY.transposes(orientation));
            assertFalse(OrientationRule.IGNORE.transposes(orientation));
        }
    }

    @Test
    void aSampleIsFoundByItsColumnRowAndChannel() {
        Image image = new Image(2, 2, Mode.RGB, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, (byte) 255});
        for (int i = 0; i < 11; i++) {
            assertEquals(i, image.sample(i / 3 % 2, i / 6, i % 3));
        }
        assertEquals(255, image.sample(1, 1, 2));
    }
}
