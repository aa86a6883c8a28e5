package dev.glint.trainer.data;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Keeps what a model or a random crop sees of each picture, as far as a budget of memory goes; the rest is decoded whenever
 * it is asked for. Decoded pictures themselves are not kept: a photo takes hundreds of times the memory of what is made of
 * it. What is kept is made in the way that is asked for first.
 */
final class CachedPictures implements PictureSet {
    private final PictureSet all;
    private final MemoryBudget budget;
    private final Kept<PreprocessContract> pixels;
    private final Kept<Derivation> derived;

    CachedPictures(PictureSet all, MemoryBudget budget) {
        this.all = all;
        this.budget = budget;
        this.pixels = new Kept<>(CachedPictures::givesSamePixels);
        this.derived = new Kept<>(Derivation::equals);
    }

    @Override
    public int size() {
        return all.size();
    }

    @Override
    public int label(int index) {
        return all.label(index);
    }

    @Override
    public String name(int index) {
        return all.name(index);
    }

    @Override
    public void digest(int index, MessageDigest digest) {
        all.digest(index, digest);
    }

    @Override
    public Image picture(int index) {
        return all.picture(index);
    }

    @Override
    public Image picture(int index, DecodeOptions options) {
        return all.picture(index, options);
    }

    @Override
    public Image pixels(int index, Preprocessor preprocessor) {
        return pixels.get(index, preprocessor.contract(), () -> all.pixels(index, preprocessor));
    }

    @Override
    public Image derived(int index, Derivation derivation) {
        return derived.get(index, derivation, () -> all.derived(index, derivation));
    }

    /** Whether two contracts give the same pixels: whatever comes after them may differ. */
    private static boolean givesSamePixels(PreprocessContract one, PreprocessContract other) {
        return one.decode() == other.decode()
                && one.steps().equals(other.steps())
                && one.colorSpace() == other.colorSpace()
                && one.alpha().equals(other.alpha())
                && one.orientation() == other.orientation()
                && one.sixteenBit() == other.sixteenBit();
    }

    /**
     * What was made of each picture, in one way.
     *
     * @param <W> what says in which way
     */
    private final class Kept<W> {
        private final AtomicReferenceArray<Image> images = new AtomicReferenceArray<>(all.size());
        private final AtomicReference<W> way = new AtomicReference<>();
        private final BiPredicate<W, W> same;

        Kept(BiPredicate<W, W> same) {
            this.same = same;
        }

        Image get(int index, W wanted, Supplier<Image> maker) {
            way.compareAndSet(null, wanted);
            if (!same.test(way.get(), wanted)) {
                return maker.get();
            }
            Image kept = images.get(index);
            if (kept != null) {
                return kept;
            }
            Image image = maker.get();
            if (budget.take(image.samples().length) && !images.compareAndSet(index, null, image)) {
                budget.give(image.samples().length);
            }
            return image;
        }
    }
}
