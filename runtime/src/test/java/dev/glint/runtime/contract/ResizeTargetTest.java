package dev.glint.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.image.AlphaRule;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.OrientationRule;
import dev.glint.runtime.image.SixteenBitRule;
import dev.glint.runtime.image.Size;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SyntheticPictures;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much is decoded of a picture, by the first step of its contract. */
class ResizeTargetTest {
    private static final GeometricStep CROP = new GeometricStep.CenterCrop(8, 4);

    @Test
    void theFirstStepSaysWhatIsNeeded() {
        assertEquals(
                new Size(341, 256), target(new GeometricStep.ResizeShorterSide(256, Interpolation.BOX), 4000, 3000, 1));
        assertEquals(new Size(8, 4), target(new GeometricStep.ResizeExact(8, 4, Interpolation.BOX), 4000, 3000, 1));
        assertEquals(new Size(8, 6), target(new GeometricStep.Fit(8, 8, Interpolation.BOX, 0, 0, 0), 4000, 3000, 1));
        assertEquals(new Size(8, 6), target(new GeometricStep.ResizeLongerSide(8, Interpolation.BOX), 4000, 3000, 1));
        assertEquals(new Size(4000, 3000), target(CROP, 4000, 3000, 1));
        assertEquals(
                new Size(4000, 3000), target(new GeometricStep.Pad(8, 4, Placement.CENTER, 0, 0, 0), 4000, 3000, 1));
    }

    /** Orientations 5 to 8 lie on their side: what is wanted of the upright picture is wanted of the stored one the other way round. */
    @Test
    void picturesOnTheirSideAreAskedForOnTheirSide() {
        GeometricStep wide = new GeometricStep.ResizeExact(8, 4, Interpolation.BOX);
        for (int orientation = 1; orientation <= 8; orientation++) {
            Size expected = orientation < 5 ? new Size(8, 4) : new Size(4, 8);
            assertEquals(expected, target(wide, 4000, 3000, orientation), "orientation " + orientation);
            assertEquals(
                    new Size(8, 4), new ResizeTarget(wide, OrientationRule.IGNORE).targetSize(4000, 3000, orientation));
        }
    }

    @Test
    void onlyJpegFilesAreDecodedSmaller() {
        PreprocessContract contract = contract(DecodeRule.SCALED);
        Image noise = SyntheticPictures.noise(67, 45, Image.Mode.RGB);
        byte[] jpeg = Resources.bytes("dev/glint/runtime/decode/jpeg/size-67x45-420.jpg");

        assertEquals(
                67,
                ImageDecoder.decode(PngFile.of(noise), contract.decodeOptions()).width());
        assertEquals(9, ImageDecoder.decode(jpeg, contract.decodeOptions()).width());
        assertEquals(
                67,
                ImageDecoder.decode(jpeg, contract(DecodeRule.FULL).decodeOptions())
                        .width());
        assertEquals(67, ImageDecoder.decode(jpeg, contract.decodeOptions(CROP)).width());
    }

    @Test
    void optionsOfEqualContractsAreEqual() {
        DecodeOptions options = contract(DecodeRule.SCALED).decodeOptions();

        assertEquals(contract(DecodeRule.SCALED).decodeOptions(), options);
        assertEquals(
                options.hashCode(), contract(DecodeRule.SCALED).decodeOptions().hashCode());
        assertNull(contract(DecodeRule.FULL).decodeOptions().target());
    }

    private static Size target(GeometricStep step, int width, int height, int orientation) {
        return new ResizeTarget(step, OrientationRule.APPLY).targetSize(width, height, orientation);
    }

    private static PreprocessContract contract(DecodeRule rule) {
        return new PreprocessContract(
                        ColorSpace.RGB,
                        new AlphaRule.Drop(),
                        OrientationRule.APPLY,
                        SixteenBitRule.AS_PILLOW,
                        List.of(new GeometricStep.ResizeExact(8, 5, Interpolation.BILINEAR)),
                        1,
                        List.of(0.0, 0.0, 0.0),
                        List.of(1.0, 1.0, 1.0),
                        8,
                        5,
                        "input",
                        List.of("a"))
                .withDecode(rule);
    }
}
