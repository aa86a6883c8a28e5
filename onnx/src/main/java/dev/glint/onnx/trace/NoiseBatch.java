package dev.glint.onnx.trace;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** Pictures of noise, each by its number, and what a block must make of the same one in different batches. */
final class NoiseBatch {
    /** As a share of the largest logit; the engine rounds otherwise for another batch size. */
    private static final double TOLERANCE = 1e-4;

    private final int size;

    /** Standard normal pictures of a shape (C, H, W). */
    NoiseBatch(long... pictureShape) {
        this.size = Math.toIntExact(LongStream.of(pictureShape).reduce(1, Math::multiplyExact));
    }

    /** The elements of some pictures, one behind the other. */
    float[] pictures(int... numbers) {
        float[] values = new float[numbers.length * size];
        for (int i = 0; i < numbers.length; i++) {
            Random random = new Random(numbers[i]);
            for (int k = i * size; k < (i + 1) * size; k++) {
                values[k] = (float) random.nextGaussian();
            }
        }
        return values;
    }

    /**
     * Passes if logits of the same pictures are the same.
     *
     * @throws GlintException ({@code MODEL}) if they are not
     */
    static void requireAlike(List<float[]> one, List<float[]> other) {
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < one.size(); i++) {
            for (int c = 0; c < one.get(i).length; c++) {
                largest = Math.max(largest, magnitude(one.get(i)[c]));
                if (Float.compare(one.get(i)[c], other.get(i)[c]) != 0) {
                    double apart = Math.abs((double) one.get(i)[c] - other.get(i)[c]);
                    difference = Math.max(difference, Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart);
                }
            }
        }
        if (difference > TOLERANCE * largest) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a block that answers otherwise for the same picture when others are beside it",
                    "every picture of a batch treated alike",
                    "keep the batch as the first dimension throughout the block, and compute no mean, maximum or softmax"
                            + " along it");
        }
    }

    private static double magnitude(float logit) {
        return Float.isFinite(logit) ? Math.abs((double) logit) : 0;
    }
}
