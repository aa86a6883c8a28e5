package dev.glint.trainer.data;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.file.Sha256;
import dev.glint.trainer.model.NaturalInput;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which pictures are used, and how: all that decides what a model learns from and is judged by.
 *
 * @param spec the data set
 * @param limit how many pictures of each part are used at most, the first ones; null for all
 * @param options how they are used
 * @param seed decides synthetic pictures and what is split off
 * @param namesSha256 tells the pictures from others, see {@link SplitDigest}; null before they were opened, and in runs from
 *     before it was kept
 */
public record PictureSelection(
        DataSpec spec,
        @Nullable Integer limit,
        DataOptions options,
        long seed,
        @Nullable String namesSha256) {
    public PictureSelection {
        if (limit != null && limit < 1) {
            throw new IllegalArgumentException("limit " + limit);
        }
        if (namesSha256 != null && !Sha256.isOne(namesSha256)) {
            throw new IllegalArgumentException("SHA-256 " + namesSha256);
        }
    }

    /** Pictures that were not opened yet. */
    public PictureSelection(DataSpec spec, @Nullable Integer limit, DataOptions options, long seed) {
        this(spec, limit, options, seed, null);
    }

    /** A whole data set, used as is usual. */
    public static PictureSelection whole(DataSpec spec, long seed) {
        return new PictureSelection(spec, null, DataOptions.DEFAULT, seed);
    }

    /** No more than the first pictures of each part. */
    public PictureSelection limitedTo(int count) {
        return new PictureSelection(spec, count, options, seed);
    }

    /** The same pictures, used otherwise. */
    public PictureSelection withOptions(DataOptions newOptions) {
        return new PictureSelection(spec, limit, newOptions, seed);
    }

    /** The same, told from others that may be in their place later. */
    public PictureSelection withNamesOf(DataSplit opened) {
        return new PictureSelection(spec, limit, options, seed, SplitDigest.ofNames(spec, opened));
    }

    /** Whether the seed decides which pictures judge a model. */
    public boolean isDrawnBySeed() {
        return spec.drawnBySeed(limit != null);
    }

    /**
     * Reads the pictures.
     *
     * @param notes is told about each file or part that is left out, a line each
     * @throws dev.glint.runtime.failure.GlintException ({@code INPUT}) naming the file that is missing or wrong
     */
    public DataSplit open(Consumer<String> notes) {
        DataSplit all = spec.open(seed, options, notes);
        DataSplit used = limit == null ? all : all.first(limit);
        return options.classWeights() ? used.balanced() : used;
    }

    /**
     * What the pictures go through before a model sees them.
     *
     * @param natural what the model was made for
     * @param split the pictures, as they were opened
     */
    public PreprocessContract contract(NaturalInput natural, DataSplit split) {
        return spec.contract(natural, options, split);
    }
}
