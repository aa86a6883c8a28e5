package dev.glint.trainer.data;

import dev.glint.runtime.contract.DecodeRule;
import org.jspecify.annotations.Nullable;

/**
 * How a data set is used, whichever it is.
 *
 * @param validation the share of the training pictures that judges the epochs in place of the held-out ones, which then
 *     judge the finished model alone; 0 for none, below 1
 * @param skipBroken whether files that cannot be decoded are reported and left out
 * @param classWeights whether rare classes weigh more in the loss, {@link DataSplit#balanced}
 * @param size rows and columns of what the model sees; null for what is usual
 * @param normalization where mean and standard deviation come from
 * @param decode how much of a JPEG is decoded, here and on the device
 */
public record DataOptions(
        double validation,
        boolean skipBroken,
        boolean classWeights,
        @Nullable Integer size,
        Normalization normalization,
        DecodeRule decode) {
    /** The largest side that a model may ask for. */
    public static final int MAX_SIZE = 4096;

    /** The whole data set as it is, seen as is usual. */
    public static final DataOptions DEFAULT = new DataOptions(0, false, false, null, new Normalization.Usual());

    public DataOptions {
        if (!(validation >= 0 && validation < 1)) {
            throw new IllegalArgumentException("a validation share of " + validation);
        }
        if (size != null && (size < 1 || size > MAX_SIZE)) {
            throw new IllegalArgumentException("a size of " + size);
        }
    }

    /** All pixels are decoded. */
    public DataOptions(
            double validation,
            boolean skipBroken,
            boolean classWeights,
            @Nullable Integer size,
            Normalization normalization) {
        this(validation, skipBroken, classWeights, size, normalization, DecodeRule.FULL);
    }

    /** With another size. */
    public DataOptions sized(int other) {
        return new DataOptions(validation, skipBroken, classWeights, other, normalization, decode);
    }
}
