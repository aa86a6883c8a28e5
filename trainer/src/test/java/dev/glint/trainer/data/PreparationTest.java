package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.runtime.contract.DecodeRule;
import dev.glint.runtime.contract.GeometricStep;
import dev.glint.runtime.contract.GeometricStep.CenterCrop;
import dev.glint.runtime.contract.GeometricStep.ResizeShorterSide;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.format.TargetSize;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.runtime.image.Size;
import dev.glint.trainer.augment.RandomResizedCrop;
import dev.glint.trainer.model.NaturalInput;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreparationTest {
    private static final List<String> LABELS = List.of("a", "b");

    /** Two RGB pictures of two pixels each. */
    private static final PictureSet TWO = new PackedPictures(
            2, 1, Image.Mode.RGB, new byte[] {0, 10, 7, (byte) 255, 20, 7, 0, 30, 7, (byte) 255, 40, 7}, new byte[] {
                0, 1
            });

    private static PreprocessContract folder(int side) {
        return Contracts.sized(NaturalInput.CIFAR.contract(LABELS), side);
    }

    @Test
    void statisticsAreThoseOfTheWholePopulation() {
        PreprocessContract contract = new PreprocessContract(
                NaturalInput.CIFAR.contract(LABELS).colorSpace(),
                NaturalInput.CIFAR.contract(LABELS).alpha(),
                NaturalInput.CIFAR.contract(LABELS).orientation(),
                NaturalInput.CIFAR.contract(LABELS).sixteenBit(),
                List.of(new GeometricStep.ResizeExact(2, 1, Interpolation.BILINEAR)),
                1.0 / 255,
                List.of(0.0, 0.0, 0.0),
                List.of(1.0, 1.0, 1.0),
                2,
                1,
                "input",
                LABELS);
        SampleStatistics measured = SampleStatistics.measure(TWO, contract);
        assertEquals(List.of(0.5, 0.098039, 0.027451), measured.mean());
        // 0 and 255 as often: 127.5; 10 to 40 in steps of 10: the root of 125; 7 everywhere: a step.
        assertEquals(List.of(0.5, 0.043844, 0.003922), measured.std());
    }

    @Test
    void givenValuesStandForAllChannelsOrEach() {
        PreprocessContract contract = folder(2);
        assertEquals(
                List.of(0.5, 0.5, 0.5),
                Normalization.parse("0.5:0.25").applied(contract, TWO).mean());
        assertEquals(
                List.of(4.0, 5.0, 6.0),
                Normalization.parse("1,2,3:4,5,6").applied(contract, TWO).std());
        Normalization two = Normalization.parse("1,2:3,4");
        assertThrows(GlintException.class, () -> two.applied(contract, TWO));
        assertSame(contract, Normalization.parse("usual").applied(contract, TWO));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mean", "1", "1:", "1:0", "1:-1", "1,2:3", "NaN:1", "1:Infinity", "1:2:3"})
    void refusesOtherNormalizations(String text) {
        GlintException failure = assertThrows(GlintException.class, () -> Normalization.parse(text));
        assertEquals(GlintException.Reason.USAGE, failure.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"usual", "measure", "0.5:0.25", "0.1,0.2,0.3:1.0,2.0,3.0"})
    void aNormalizationIsReadAsItIsWritten(String text) {
        assertEquals(text, Normalization.parse(text).toString());
    }

    @Test
    void anotherSizeKeepsTheShareThatIsCutOff() {
        PreprocessContract contract = Contracts.sized(NaturalInput.IMAGENET_BICUBIC.contract(LABELS), 112);
        assertEquals(
                List.of(new ResizeShorterSide(128, Interpolation.BICUBIC), new CenterCrop(112, 112)), contract.steps());
        assertEquals(112, contract.height());
    }

    @Test
    void theCacheKeepsWhatFitsAndMakesTheRest() {
        PictureSet cached = new CachedPictures(TWO, new MemoryBudget(3));
        Preprocessor one = new Preprocessor(folder(1));
        assertSame(cached.pixels(0, one), cached.pixels(0, one));
        assertNotSame(cached.pixels(1, one), cached.pixels(1, one), "no room for another 3 bytes");
        assertEquals(TWO.pixels(1, one).sample(0, 0, 1), cached.pixels(1, one).sample(0, 0, 1));
        assertEquals(1, cached.label(1));
        assertNotSame(cached.picture(0), cached.picture(0), "decoded pictures take too much memory");
    }

    /** A photo of 3000x2000 pixels, of which crops of 35 % and more become 96x96: it is kept in a hundredth of its size. */
    @Test
    void theCacheKeepsOfAPhotoWhatRandomCropsCanUse() {
        PictureSet photo =
                new PackedPictures(3_000, 2_000, Image.Mode.RGB, new byte[3_000 * 2_000 * 3], new byte[] {0});
        Preprocessor preprocessor = new Preprocessor(folder(96));
        int side = new RandomResizedCrop(0.35, 1).usefulSide(96);
        assertEquals(375, side);
        PictureSet cached = new CachedPictures(photo, new MemoryBudget(700_000));
        CropSource source = new CropSource(preprocessor.contract(), side);
        Image kept = cached.derived(0, source);
        assertEquals(375, kept.height());
        assertEquals(562, kept.width());
        assertSame(kept, cached.derived(0, new CropSource(preprocessor.contract(), side)));
        assertEquals(96, cached.pixels(0, preprocessor).height(), "beside the pixels that a model sees");
        assertEquals(
                2_000,
                cached.derived(0, new CropSource(preprocessor.contract(), 2_000))
                        .height(),
                "as it is, where crops need all of it");
    }

    @Test
    void theCacheKeepsPixelsOfOneContractAndGivesThoseOfAll() {
        PictureSet cached = new CachedPictures(TWO, new MemoryBudget(1_000));
        Preprocessor two = new Preprocessor(folder(2));
        Preprocessor three = new Preprocessor(folder(3));
        Preprocessor otherMean = new Preprocessor(Normalization.parse("0:1").applied(folder(2), TWO));
        Image kept = cached.pixels(0, two);
        assertEquals(2, kept.height());
        assertEquals(3, cached.pixels(0, three).height());
        assertSame(kept, cached.pixels(0, two));
        assertSame(kept, cached.pixels(0, otherMean), "the same pixels, normalized otherwise");
        Preprocessor scaled = new Preprocessor(folder(2).withDecode(DecodeRule.SCALED));
        assertNotSame(kept, cached.pixels(0, scaled), "other pixels, of a file that is decoded smaller");
    }

    /** Not to what the model sees of the whole picture, of which crops would be too coarse. */
    @Test
    void photosAreDecodedToWhatRandomCropsCanUse() {
        PreprocessContract contract = folder(96).withDecode(DecodeRule.SCALED);
        TargetSize target = Objects.requireNonNull(
                new CropSource(contract, 375).decodeOptions().target());
        assertEquals(new Size(500, 375), target.targetSize(4000, 3000, 1));
        assertEquals(
                new Size(96, 96),
                Objects.requireNonNull(contract.decodeOptions().target()).targetSize(4000, 3000, 1));
    }
}
