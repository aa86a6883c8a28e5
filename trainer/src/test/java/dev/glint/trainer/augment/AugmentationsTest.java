package dev.glint.trainer.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationsTest {
    @Test
    void readsNamesWithAndWithoutParameters() {
        assertSame(Augmentations.NONE, Augmentations.parse("none"));
        assertEquals(Augmentations.CROP_FLIP, Augmentations.parse("crop-flip"));
        assertEquals(
                List.of(
                        new RandomResizedCrop(0.3, 1),
                        new AlternatingFlip(),
                        new Rotation(10),
                        new ColorJitter(0.2, 0.1, 0, 0),
                        new RandomErasing(0.25),
                        new MixUp(0.2),
                        new CutMix(1)),
                Augmentations.parse("resized-crop=0.3,alternating-flip,rotate,jitter=0.2:0.1,erase=0.25,mixup,cutmix")
                        .all());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "crop-flip",
                "crop=2,flip=1",
                "resized-crop,flip",
                "rotate=7.5,jitter",
                "erase,mixup=0.4,cutmix"
            })
    void whatIsWrittenIsReadAgain(String text) {
        Augmentations augmentations = Augmentations.parse(text);
        assertEquals(augmentations, Augmentations.parse(augmentations.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "crop-flip,",
                "blur",
                "crop=0",
                "crop=1.5",
                "crop=1:2",
                "flip=0",
                "flip=1.1",
                "flip=x",
                "flip=NaN",
                "rotate=181",
                "jitter=0:0:0:0.6",
                "jitter=0",
                "resized-crop=0.5:0.2",
                "mixup=0",
                "cutmix=-1",
                "flip,flip",
                "crop-flip,flip",
                "flip,resized-crop",
                "mixup,flip",
                "alternating-flip=1",
                "none,flip"
            })
    void refusesWhatMakesNoSense(String text) {
        GlintException e = assertThrows(GlintException.class, () -> Augmentations.parse(text));
        assertEquals(Reason.USAGE, e.reason());
        assertTrue(e.getMessage().contains("augmentation '"), e.getMessage());
    }
}
