package dev.glint.runtime.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.contract.ColorSpace;
import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoisePicturesTest {
    private static final PreprocessContract CONTRACT = new PreprocessContract(
            ColorSpace.GRAY,
            new AlphaRule.Drop(),
            OrientationRule.IGNORE,
            SixteenBitRule.AS_PILLOW,
            List.of(new GeometricStep.ResizeExact(40, 50, Interpolation.BILINEAR)),
            1 / 255.0,
            List.of(0.5),
            List.of(0.5),
            40,
            50,
            "input",
            List.of("a", "b"));

    @Test
    void contrastGrowsFromOneToTheNextAndNothingElseChanges() {
        NoisePictures pictures = new NoisePictures(CONTRACT);
        double before = 0;
        for (int i = 0; i < pictures.size(); i++) {
            Image picture = pictures.picture(i);
            assertEquals(40, picture.width());
            double deviation = deviation(picture);
            assertTrue(deviation > 1.2 * before, deviation + " after " + before);
            before = deviation;
            assertArrayEquals(
                    picture.samples(), new NoisePictures(CONTRACT).picture(i).samples());
        }
    }

    /** From the middle of what a byte can be. */
    private static double deviation(Image picture) {
        double squares = 0;
        for (byte sample : picture.samples()) {
            squares += Math.pow((sample & 0xff) - 127.5, 2);
        }
        return Math.sqrt(squares / picture.samples().length);
    }
}
