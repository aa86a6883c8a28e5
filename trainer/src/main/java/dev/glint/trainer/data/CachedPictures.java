package dev.glint.trainer.data;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.image.Image;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Keeps what a model or a random crop sees of each picture, as far as a budget of memory goes; the rest is decoded whenever
 * it is asked for. Decoded pictures themselves are not kept: a photo takes hundreds of times the memory of what is made of
 * it. What is kept is that of the contract that asks first.
 */
final class CachedPictures implements PictureSet {
    private final PictureSet all;
    private final MemoryBudget budget;
    private final Kept pixels;
    private final Kept cropSources;

    CachedPictures(PictureSet all, MemoryBudget budget) {
        this.all = all;
        this.budget = budget;
        this.pixels = new Kept(all.size());
        this.cropSources = new Kept(all.size());
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
    public Image picture(int index) {
        return all.picture(index);
    }

    @Override
    public String digest(int index) {
        return all.digest(index);
    }

    @Override
    public String name(int index) {
        return all.name(index);
    }

    @Override
    public Image pixels(int index, Preprocessor preprocessor) {
        return pixels.get(index, preprocessor.contract(), 0, () -> all.pixels(index, preprocessor));
    }

    @Override
    public Image cropSource(int index, Preprocessor preprocessor, int shorterSide) {
        return cropSources.get(
                index, preprocessor.contract(), shorterSide, () -> all.cropSource(index, preprocessor, shorterSide));
    }

    /** What decides what is made of a picture. */
    private record Making(PreprocessContract contract, int shorterSide) {
        /** Whether another one makes the same pixels: whatever comes after them may differ. */
        boolean makesSame(Making other) {
            return shorterSide == other.shorterSide
                    && contract.steps().equals(other.contract.steps())
                    && contract.colorSpace() == other.contract.colorSpace()
                    && contract.alpha().equals(other.contract.alpha())
                    && contract.orientation() == other.contract.orientation()
                    && contract.sixteenBit() == other.contract.sixteenBit();
        }
    }

    /** What was made of each picture, in one way. */
    private final class Kept {
        private final AtomicReferenceArray<Image> images;
        private final AtomicReference<Making> making = new AtomicReference<>();

        Kept(int size) {
            this.images = new AtomicReferenceArray<>(size);
        }

        Image get(int index, PreprocessContract contract, int shorterSide, Supplier<Image> maker) {
            Making wanted = new Making(contract, shorterSide);
            making.compareAndSet(null, wanted);
            if (!making.get().makesSame(wanted)) {
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
