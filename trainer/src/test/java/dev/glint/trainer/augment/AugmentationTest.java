package dev.glint.trainer.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.testing.SyntheticPictures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AugmentationTest {
    static List<PictureAugmentation> ofPictures() {
        return List.of(
                new ReflectCrop(2),
                new HorizontalFlip(0.5),
                new AlternatingFlip(),
                new Rotation(30),
                new ColorJitter(0.4, 0.4, 0.4, 0.1),
                new RandomErasing(0.7));
    }

    @ParameterizedTest
    @MethodSource("ofPictures")
    void keepsSizeModeAndOriginal(PictureAugmentation augmentation) {
        for (Image.Mode mode : List.of(Image.Mode.GRAY, Image.Mode.RGB)) {
            Image image = SyntheticPictures.noise(9, 7, mode);
            byte[] before = image.samples().clone();
            for (int seed = 0; seed < 50; seed++) {
                Image result = augmentation.apply(image, Pictures.draw(seed));
                assertEquals(9, result.width());
                assertEquals(7, result.height());
                assertSame(mode, result.mode());
                assertArrayEquals(before, image.samples(), "the original");
                assertArrayEquals(
                        result.samples(),
                        augmentation.apply(image, Pictures.draw(seed)).samples(),
                        "the same draw");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ofPictures")
    void doesSomething(PictureAugmentation augmentation) {
        Image image = SyntheticPictures.noise(9, 7, Image.Mode.RGB);
        Draw turn = new Draw();
        int changed = 0;
        for (int seed = 0; seed < 50; seed++) {
            turn.begin(seed * 0x9e3779b97f4a7c15L, seed % 2 == 0);
            Image result = augmentation.apply(image, turn);
            changed += Arrays.equals(image.samples(), result.samples()) ? 0 : 1;
        }
        assertTrue(changed >= 15, "changed " + changed + " of 50");
    }

    @Test
    void aFlipMirrorsAndASecondOneUndoesIt() {
        Image rgb = Pictures.counting(3, 2, Image.Mode.RGB);
        byte[] mirrored = {6, 7, 8, 3, 4, 5, 0, 1, 2, 15, 16, 17, 12, 13, 14, 9, 10, 11};
        assertArrayEquals(mirrored, HorizontalFlip.mirror(rgb).samples());
        Image gray = Pictures.counting(3, 2, Image.Mode.GRAY);
        assertArrayEquals(
                new byte[] {2, 1, 0, 5, 4, 3}, HorizontalFlip.mirror(gray).samples());
        for (Image image : List.of(rgb, gray)) {
            Image twice = HorizontalFlip.mirror(HorizontalFlip.mirror(image));
            assertArrayEquals(image.samples(), twice.samples());
        }
    }

    @Test
    void aFlipKeepsItsProbability() {
        Image image = Pictures.counting(3, 2, Image.Mode.GRAY);
        for (double probability : new double[] {0.1, 0.5, 1}) {
            HorizontalFlip flip = new HorizontalFlip(probability);
            int flipped = 0;
            for (int seed = 0; seed < 4000; seed++) {
                flipped += flip.apply(image, Pictures.draw(seed)) == image ? 0 : 1;
            }
            double deviation = 4 * Math.sqrt(4000 * probability * (1 - probability));
            assertEquals(4000 * probability, flipped, deviation);
        }
    }

    @Test
    void aResizedCropLiesInsideAndHasTheAreasAndRatiosAsked() {
        RandomResizedCrop crop = new RandomResizedCrop(0.25, 0.5);
        double least = 1;
        double most = 0;
        for (int seed = 0; seed < 2000; seed++) {
            RandomResizedCrop.Box box = crop.box(200, 150, Pictures.draw(seed));
            assertTrue(box.left() >= 0 && box.left() + box.width() <= 200, box.toString());
            assertTrue(box.top() >= 0 && box.top() + box.height() <= 150, box.toString());
            double share = (double) box.width() * box.height() / (200 * 150);
            double ratio = (double) box.width() / box.height();
            assertTrue(ratio > 0.74 && ratio < 1.35, box.toString());
            least = Math.min(least, share);
            most = Math.max(most, share);
        }
        assertEquals(0.25, least, 0.005);
        assertEquals(0.5, most, 0.005);
    }

    @Test
    void aPictureTooThinForAnyRatioGivesItsMiddle() {
        // 100x4 with all of its area asked: no box of a ratio up to 4/3 fits; the widest is 4 * 4/3, rounded: 5.
        RandomResizedCrop all = new RandomResizedCrop(1, 1);
        assertEquals(new RandomResizedCrop.Box(47, 0, 5, 4), all.box(100, 4, Pictures.draw(1)));
        assertEquals(new RandomResizedCrop.Box(0, 47, 4, 5), all.box(4, 100, Pictures.draw(1)));
    }

    @Test
    void aResizedCropOfAllIsAResize() {
        Image image = SyntheticPictures.noise(20, 20, Image.Mode.RGB);
        RandomResizedCrop all = new RandomResizedCrop(1, 1, 1, 1);
        Image same = all.apply(image, 20, 20, Interpolation.BILINEAR, Pictures.draw(1));
        assertArrayEquals(image.samples(), same.samples());
        Image half = all.apply(image, 10, 8, Interpolation.BILINEAR, Pictures.draw(1));
        assertArrayEquals(
                dev.glint.runtime.image.Resampler.resize(image, 10, 8, Interpolation.BILINEAR)
                        .samples(),
                half.samples());
    }

    @Test
    void aFullTurnIsNone() {
        Image image = SyntheticPictures.noise(11, 8, Image.Mode.RGB);
        assertArrayEquals(
                image.samples(),
                Rotation.rotate(Rotation.rotate(image, 180), 180).samples());
        assertArrayEquals(image.samples(), Rotation.rotate(image, 0).samples());
    }

    @Test
    void neutralColorsChangeNothing() {
        Image image = SyntheticPictures.noise(16, 16, Image.Mode.RGB);
        assertArrayEquals(image.samples(), Colors.brightness(image, 1).samples());
        assertArrayEquals(image.samples(), Colors.contrast(image, 1).samples());
        assertArrayEquals(image.samples(), Colors.saturation(image, 1).samples());
        Image gray = SyntheticPictures.noise(16, 16, Image.Mode.GRAY);
        assertSame(gray, Colors.saturation(gray, 2));
        assertSame(gray, Colors.hue(gray, 0.2));
    }

    @Test
    void erasingChangesOneRectangleAndItsShareFits() {
        Image black = new Image(40, 40, Image.Mode.GRAY, new byte[1600]);
        RandomErasing always = new RandomErasing(1);
        for (int seed = 0; seed < 200; seed++) {
            Image erased = always.apply(black, Pictures.draw(seed));
            int left = 40;
            int right = -1;
            int top = 40;
            int bottom = -1;
            int changed = 0;
            for (int i = 0; i < 1600; i++) {
                if (erased.samples()[i] != 0) {
                    changed++;
                    left = Math.min(left, i % 40);
                    right = Math.max(right, i % 40);
                    top = Math.min(top, i / 40);
                    bottom = Math.max(bottom, i / 40);
                }
            }
            int area = (right - left + 1) * (bottom - top + 1);
            assertTrue(area >= 0.015 * 1600 && area <= 0.35 * 1600, "area " + area);
            // Noise is 0 once in 256.
            assertTrue(changed >= 0.93 * area, changed + " of " + area);
        }
    }

    @Test
    void mixupIsTheWeightedMean() {
        float[] own = {1, 2, 3, 4};
        float share = new MixUp(1).mix(own, new float[] {0, 0, 0, 10}, 2, 2, Pictures.draw(5));
        assertTrue(share > 0 && share < 1);
        assertArrayEquals(new float[] {share, 2 * share, 3 * share, 4 * share + 10 * (1 - share)}, own, 1e-6f);
    }

    @Test
    void theSharesOfMixupFollowBeta() {
        for (double alpha : new double[] {0.2, 1, 4}) {
            double sum = 0;
            double squares = 0;
            int count = 20_000;
            for (int seed = 0; seed < count; seed++) {
                double share = Pictures.draw(seed).beta(alpha);
                sum += share;
                squares += share * share;
            }
            double mean = sum / count;
            assertEquals(0.5, mean, 0.015, "mean for " + alpha);
            // The variance of Beta(a, a) is 1 / (4 (2a + 1)).
            assertEquals(1 / (4 * (2 * alpha + 1)), squares / count - mean * mean, 0.006, "variance for " + alpha);
        }
    }

    @Test
    void cutmixPastesOneRectangleInAllChannelsAndTellsTheShareLeft() {
        int size = 12;
        for (int seed = 0; seed < 300; seed++) {
            float[] own = new float[3 * size * size];
            float[] other = new float[own.length];
            Arrays.fill(other, 1);
            float share = new CutMix(1).mix(own, other, size, size, Pictures.draw(seed));
            int pasted = 0;
            for (int i = 0; i < size * size; i++) {
                assertEquals(own[i], own[i + size * size]);
                assertEquals(own[i], own[i + 2 * size * size]);
                pasted += own[i] == 1 ? 1 : 0;
            }
            assertEquals(1 - pasted / 144.0, share, 1e-6);
        }
    }

    @Test
    void alternatingFlipFollowsTheTurn() {
        Image image = Pictures.counting(3, 1, Image.Mode.GRAY);
        Draw draw = new Draw();
        draw.begin(7, true);
        assertArrayEquals(
                new byte[] {2, 1, 0}, new AlternatingFlip().apply(image, draw).samples());
        draw.begin(7, false);
        assertSame(image, new AlternatingFlip().apply(image, draw));
        assertNotEquals(0, image.samples()[2]);
    }
}
