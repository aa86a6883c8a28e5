package dev.glint.onnx.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

/** Pictures of noise, each by its number, and what a block must make of the same one in different batches. */
final class NoiseBatch {
    /** As a share of the largest logit; the engine rounds otherwise for another batch size. */
    private static final double TOLERANCE = 1e-4;

    private final TracedInput input;
    private final int position;

    /** Samples of an input; those of another position are others. */
    NoiseBatch(TracedInput input, int position) {
        this.input = input;
        this.position = position;
    }

    /** Some samples as one batch: standard normal floats, or whole numbers from 0 to what the input allows. */
    NDArray create(NDManager manager, int... numbers) {
        int size = Math.toIntExact(input.sample().size());
        float[] values = new float[Math.multiplyExact(numbers.length, size)];
        for (int i = 0; i < numbers.length; i++) {
            Random random = new Random(numbers[i] + 1000L * position);
            for (int k = i * size; k < (i + 1) * size; k++) {
                values[k] = input.isReal() ? (float) random.nextGaussian() : random.nextInt(input.largest() + 1);
            }
        }
        NDArray floats = manager.create(values, new Shape(numbers.length).addAll(input.sample()));
        return floats.toType(input.type(), false);
    }

    /** The elements of a tensor as floats. */
    static float[] floats(Tensor tensor) {
        float[] values = new float[tensor.size()];
        ByteBuffer data = ByteBuffer.wrap(tensor.data()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (tensor.type()) {
                case FLOAT -> data.getFloat();
                case DOUBLE -> (float) data.getDouble();
                case INT32 -> data.getInt();
                case INT64 -> data.getLong();
                case UINT8, BOOL -> data.get() & 0xff;
                case INT8 -> data.get();
                default -> throw new IllegalArgumentException("an output of " + tensor.type());
            };
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
