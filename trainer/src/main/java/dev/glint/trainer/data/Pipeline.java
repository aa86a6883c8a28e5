package dev.glint.trainer.data;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Interpolation;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.augment.Draw;
import dev.glint.trainer.augment.PairAugmentation;
import dev.glint.trainer.augment.PictureAugmentation;
import dev.glint.trainer.augment.RandomResizedCrop;
import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fills batches with the pictures of one epoch: pixels, augmentation, normalization, mixing. For use by one thread. */
final class Pipeline {
    private final PictureSet pictures;
    private final Preprocessor preprocessor;
    private final @Nullable RandomResizedCrop resizedCrop;
    private final List<PictureAugmentation> changes;
    private final List<PairAugmentation> mixes;
    private final Interpolation interpolation;
    private final EpochDraws draws;

    Pipeline(PictureSet pictures, Preprocessor preprocessor, Augmentations augmentations, long seed, int epoch) {
        this.pictures = pictures;
        this.preprocessor = preprocessor;
        this.resizedCrop = augmentations.resizedCrop().orElse(null);
        this.changes = augmentations.ofPictures();
        this.mixes = augmentations.ofPairs();
        this.interpolation = interpolation(preprocessor.contract());
        this.draws = new EpochDraws(seed, epoch);
    }

    /** Fills a batch with the pictures {@code order[start]} to {@code order[end - 1]}. */
    void fill(Batch batch, int[] order, int start, int end) {
        FloatBuffer tensor = batch.start();
        for (int i = start; i < end; i++) {
            preprocessor.normalize(image(order[i]).samples(), 0, tensor);
            batch.add(pictures.label(order[i]));
        }
        if (!mixes.isEmpty() && batch.size() > 1) {
            mix(batch, order, start);
        }
    }

    private Image image(int index) {
        Draw draw = draws.forPicture(index);
        Image image = resizedCrop == null ? pictures.pixels(index, preprocessor) : crop(index, resizedCrop, draw);
        for (PictureAugmentation change : changes) {
            image = change.apply(image, draw);
        }
        return image;
    }

    private Image crop(int index, RandomResizedCrop crop, Draw draw) {
        PreprocessContract contract = preprocessor.contract();
        int shorterSide = crop.usefulSide(Math.max(contract.width(), contract.height()));
        Image image = pictures.derived(index, new CropSource(contract, shorterSide));
        return crop.apply(image, contract.width(), contract.height(), interpolation, draw);
    }

    /** Each picture with the one before it, as it was before that one was mixed itself; the first with the last. */
    private void mix(Batch batch, int[] order, int start) {
        PreprocessContract contract = preprocessor.contract();
        int size = batch.size();
        float[] own = batch.tensor(size - 1);
        float[] last = own.clone();
        for (int place = size - 1; place >= 0; place--) {
            int before = place == 0 ? size - 1 : place - 1;
            float[] other = place == 0 ? last : batch.tensor(before);
            Draw draw = draws.ofMixing(order[start + place]);
            PairAugmentation mix = mixes.get(mixes.size() == 1 ? 0 : draw.choice(mixes.size()));
            float share = mix.mix(own, other, contract.width(), contract.height(), draw);
            batch.mix(place, own, before, share);
            own = other;
        }
    }

    /** How the contract resizes, which a random crop does the same way. */
    private static Interpolation interpolation(PreprocessContract contract) {
        return contract.steps().stream()
                .flatMap(step -> step.interpolationMode().stream())
                .findFirst()
                .orElse(Interpolation.BILINEAR);
    }
}
