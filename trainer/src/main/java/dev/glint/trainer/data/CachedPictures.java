package dev.glint.trainer.data;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.image.Image;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps what was decoded once, as far as a budget of memory goes; the rest is decoded whenever it is asked for. The pixels
 * that a model sees are kept for the contract that asks first.
 */
final class CachedPictures implements PictureSet {
    private final PictureSet all;
    private final MemoryBudget budget;
    private final AtomicReferenceArray<Image> pictures;
    private final AtomicReferenceArray<Image> pixels;
    private final AtomicReference<PreprocessContract> contract = new AtomicReference<>();

    CachedPictures(PictureSet all, MemoryBudget budget) {
        this.all = all;
        this.budget = budget;
        this.pictures = new AtomicReferenceArray<>(all.size());
        this.pixels = new AtomicReferenceArray<>(all.size());
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
        Image kept = pictures.get(index);
        if (kept != null) {
            return kept;
        }
        Image picture = all.picture(index);
        keep(pictures, index, picture);
        return picture;
    }

    @Override
    public Image pixels(int index, Preprocessor preprocessor) {
        contract.compareAndSet(null, preprocessor.contract());
        if (!sameSteps(preprocessor.contract())) {
            return preprocessor.toPixels(all.picture(index));
        }
        Image kept = pixels.get(index);
        if (kept != null) {
            return kept;
        }
        Image source = pictures.get(index);
        Image seen = preprocessor.toPixels(source == null ? all.picture(index) : source);
        keep(pixels, index, seen);
        return seen;
    }

    /** Whether a contract gives the pixels that are kept: whatever comes after them may differ. */
    private boolean sameSteps(PreprocessContract other) {
        PreprocessContract kept = contract.get();
        return kept.steps().equals(other.steps())
                && kept.colorSpace() == other.colorSpace()
                && kept.alpha().equals(other.alpha())
                && kept.orientation() == other.orientation()
                && kept.sixteenBit() == other.sixteenBit();
    }

    private void keep(AtomicReferenceArray<Image> kept, int index, Image image) {
        if (budget.take(image.samples().length) && !kept.compareAndSet(index, null, image)) {
            budget.give(image.samples().length);
        }
    }
}
