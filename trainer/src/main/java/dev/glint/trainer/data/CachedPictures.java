package dev.glint.trainer.data;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was decoded once, as far as a budget of memory goes; the rest is decoded whenever it is asked for. Pictures
 * are kept as whoever asks first decodes them, the pixels that a model sees for the contract that asks first.
 */
final class CachedPictures implements PictureSet {
    private final PictureSet all;
    private final MemoryBudget budget;
    private final AtomicReferenceArray<Image> pictures;
    private final AtomicReferenceArray<Image> pixels;
    private final AtomicReference<DecodeOptions> options = new AtomicReference<>();
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
    public String name(int index) {
        return all.name(index);
    }

    @Override
    public void digest(int index, MessageDigest digest) {
        all.digest(index, digest);
    }

    @Override
    public Image picture(int index) {
        return picture(index, DecodeOptions.defaults());
    }

    @Override
    public Image picture(int index, DecodeOptions asked) {
        options.compareAndSet(null, asked);
        Image kept = decoded(index, asked);
        if (kept != null) {
            return kept;
        }
        Image picture = all.picture(index, asked);
        if (asked.equals(options.get())) {
            keep(pictures, index, picture);
        }
        return picture;
    }

    private @Nullable Image decoded(int index, DecodeOptions asked) {
        return asked.equals(options.get()) ? pictures.get(index) : null;
    }

    @Override
    public Image pixels(int index, Preprocessor preprocessor) {
        contract.compareAndSet(null, preprocessor.contract());
        if (!sameSteps(preprocessor.contract())) {
            return PictureSet.super.pixels(index, preprocessor);
        }
        Image kept = pixels.get(index);
        if (kept != null) {
            return kept;
        }
        DecodeOptions asked = preprocessor.contract().decodeOptions();
        Image source = decoded(index, asked);
        Image seen = preprocessor.toPixels(source == null ? all.picture(index, asked) : source);
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
