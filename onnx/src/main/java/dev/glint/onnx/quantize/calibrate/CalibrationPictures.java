package dev.glint.onnx.quantize.calibrate;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.image.Image;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
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
    /** So many tell half a decibel from chance. */
    private static final int MAX_HELD_OUT = 400;

    /** What is taken from the pictures that ranges come from where there are no others. */
    private static final int MAX_SPARED = 100;

    private static final int HELD_OUT_PART = 5;

    /** Of fewer pictures none can be spared. */
    private static final int ENOUGH_TO_SHARE = 40;

    /** How many elements of held-out pictures are judged by: 400 of 64 x 64 in colour, some of 224 x 224. */
    private static final int JUDGED_ELEMENTS = 5_000_000;

    public CalibrationPictures {
        if (indices.length == 0) {
            throw new IllegalArgumentException("no calibration pictures in " + source);
        }
    }

    /**
     * A random sample of a source. Up to {@value #MAX_HELD_OUT} others are held out; if it has too few others and not too
     * few pictures altogether, a fifth of these.
     *
     * @param size how many pictures the source has
     * @param samples how many are wanted at most
     * @param seed decides which
     */
    public static CalibrationPictures sample(
            String source, int size, int samples, long seed, IntFunction<Image> pictures) {
        int[] indices = IntStream.range(0, size).toArray();
        Random random = new Random(seed);
        int spared = size < ENOUGH_TO_SHARE ? 0 : Math.min(MAX_SPARED, size / HELD_OUT_PART);
        int heldOut = Math.max(spared, Math.min(MAX_HELD_OUT, size - Math.min(samples, size)));
        int count = Math.min(samples, size - heldOut);
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

    /** All pictures of the source, as a model sees them, for the methods below and whoever looks at the same ones. */
    public KeptPixels pixels(Preprocessor preprocessor) {
        return new KeptPixels(pictures, preprocessor);
    }

    /** The pictures that ranges come from, as a model takes them. */
    public TensorSource tensors(KeptPixels pixels) {
        return new Preprocessed(indices, pixels);
    }

    /** The others, as many as are quickly judged by. */
    public TensorSource heldOutTensors(KeptPixels pixels) {
        int count = JUDGED_ELEMENTS / pixels.preprocessor().contract().tensorSize();
        return new Preprocessed(Arrays.copyOf(heldOut, Math.min(heldOut.length, count)), pixels);
    }

    private record Preprocessed(int[] indices, KeptPixels pixels) implements TensorSource {
        @Override
        public int size() {
            return indices.length;
        }

        @Override
        public long[] shape() {
            PreprocessContract contract = pixels.preprocessor().contract();
            return new long[] {contract.channels(), contract.height(), contract.width()};
        }

        @Override
        public void put(int index, FloatBuffer target) {
            pixels.preprocessor().toTensor(pixels.apply(indices[index]), target);
        }
    }
}
