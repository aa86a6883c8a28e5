package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.image.Image;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The pictures whose values decide the ranges.
 *
 * @param source what a report calls them
 * @param indices which of the source's pictures, ascending; at least one
 * @param heldOut others of the source's pictures, which no range depends on; empty if there are none
 * @param pictures gives a picture by its index, to any thread
 */
public record CalibrationPictures(String source, int[] indices, int[] heldOut, IntFunction<Image> pictures) {
    private static final int MAX_HELD_OUT = 100;
    private static final int VALUES_PER_BATCH = 1 << 16;

    public CalibrationPictures {
        if (indices.length == 0) {
            throw new IllegalArgumentException("no calibration pictures in " + source);
        }
    }

    /**
     * A random sample of a source.
     *
     * @param size how many pictures the source has
     * @param samples how many are wanted; all if there are fewer
     * @param seed decides which
     */
    public static CalibrationPictures sample(
            String source, int size, int samples, long seed, IntFunction<Image> pictures) {
        int[] indices = IntStream.range(0, size).toArray();
        Random random = new Random(seed);
        int count = Math.min(samples, size);
        int heldOut = Math.min(MAX_HELD_OUT, size - count);
        for (int i = 0; i < count + heldOut; i++) {
            int other = i + random.nextInt(size - i);
            int swapped = indices[i];
            indices[i] = indices[other];
            indices[other] = swapped;
        }
        int[] chosen = Arrays.copyOf(indices, count);
        Arrays.sort(chosen);
        return new CalibrationPictures(source, chosen, Arrays.copyOfRange(indices, count, count + heldOut), pictures);
    }

    /**
     * Shows the pictures to a float model and gives the ranges of its values.
     *
     * @param watched the names of the values
     * @param preprocessor executes the model's contract
     * @param progress is told how many pictures are done
     */
    public Map<String, Range> ranges(
            OnnxModel model, Set<String> watched, Preprocessor preprocessor, IntConsumer progress) {
        int size = preprocessor.contract().tensorSize();
        int batch = Math.max(4, Math.min(32, VALUES_PER_BATCH / size));
        FloatBuffer tensor = ByteBuffer.allocateDirect(batch * size * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        int threads = Runtime.getRuntime().availableProcessors();
        try (Calibration calibration = new Calibration(model, watched, threads)) {
            for (int from = 0; from < indices.length; from += batch) {
                int first = from;
                int count = Math.min(batch, indices.length - from);
                IntStream.range(0, count)
                        .parallel()
                        .forEach(i -> preprocessor.preprocess(
                                pictures.apply(indices[first + i]),
                                tensor.duplicate().position(i * size)));
                calibration.show(
                        tensor.duplicate().limit(count * size),
                        count,
                        preprocessor.contract().channels(),
                        preprocessor.contract().height(),
                        preprocessor.contract().width());
                progress.accept(from + count);
            }
            return Map.copyOf(calibration.ranges());
        }
    }
}
