package dev.glint.trainer.data;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Some pictures, ready for a model. Its memory lies outside the heap and is used again for a later batch once it was
 * given back.
 */
public final class Batch implements Labels {
    private final ByteBuffer pixels;
    private final ByteBuffer classes;
    private final ByteBuffer otherClasses;
    private final ByteBuffer shares;
    private final int tensorSize;
    private int size;
    private boolean mixed;

    Batch(int capacity, int tensorSize) {
        this.tensorSize = tensorSize;
        this.pixels = direct((long) capacity * tensorSize * Float.BYTES);
        this.classes = direct((long) capacity * Long.BYTES);
        this.otherClasses = direct((long) capacity * Long.BYTES);
        this.shares = direct((long) capacity * Float.BYTES);
    }

    /** Whether there is room for so many pictures of a size. */
    boolean holds(int capacity, int sizeOfTensor) {
        return tensorSize == sizeOfTensor && pixels.capacity() >= (long) capacity * tensorSize * Float.BYTES;
    }

    private static ByteBuffer direct(long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw GlintException.failure(
                    Reason.LIMIT,
                    "a batch of %,d bytes".formatted(bytes),
                    "at most %,d".formatted(Integer.MAX_VALUE),
                    "choose smaller batches (--batch-size) or smaller pictures (--size)");
        }
        return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public int size() {
        return size;
    }

    /** (N, C, H, W) floats in native byte order, N being {@link #size}. */
    public ByteBuffer pixels() {
        return pixels.slice(0, size * tensorSize * Float.BYTES).order(ByteOrder.nativeOrder());
    }

    /** (N) first classes as 64-bit integers in native byte order. */
    public ByteBuffer classes() {
        return classes.slice(0, size * Long.BYTES).order(ByteOrder.nativeOrder());
    }

    @Override
    public boolean mixed() {
        return mixed;
    }

    /** (N) second classes as 64-bit integers in native byte order; those of {@link #classes} where nothing is mixed. */
    public ByteBuffer otherClasses() {
        return otherClasses.slice(0, size * Long.BYTES).order(ByteOrder.nativeOrder());
    }

    /** (N) floats in native byte order, 0 to 1: how much of each picture, and so of its label, is of its first class. */
    public ByteBuffer shares() {
        return shares.slice(0, size * Float.BYTES).order(ByteOrder.nativeOrder());
    }

    @Override
    public int firstLabel(int place) {
        return (int) classes.getLong(place * Long.BYTES);
    }

    @Override
    public int otherLabel(int place) {
        return (int) otherClasses.getLong(place * Long.BYTES);
    }

    @Override
    public float share(int place) {
        return shares.getFloat(place * Float.BYTES);
    }

    /** Empties it, and gives where the first picture goes. */
    FloatBuffer start() {
        size = 0;
        mixed = false;
        return pixels.clear().asFloatBuffer();
    }

    void add(int label) {
        classes.putLong(size * Long.BYTES, label);
        otherClasses.putLong(size * Long.BYTES, label);
        shares.putFloat(size * Float.BYTES, 1);
        size++;
    }

    /** A copy of the values of one picture. */
    float[] tensor(int place) {
        float[] tensor = new float[tensorSize];
        pixels.asFloatBuffer().get(place * tensorSize, tensor);
        return tensor;
    }

    /** Replaces a picture by its mixture with another one of the batch. */
    void mix(int place, float[] tensor, int other, float share) {
        pixels.asFloatBuffer().put(place * tensorSize, tensor);
        otherClasses.putLong(place * Long.BYTES, classes.getLong(other * Long.BYTES));
        shares.putFloat(place * Float.BYTES, share);
        mixed = true;
    }
}
