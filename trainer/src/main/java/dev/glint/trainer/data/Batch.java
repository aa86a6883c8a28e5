package dev.glint.trainer.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Some pictures, ready for a model. Its memory lies outside the heap and is used again for a later batch once it was
 * given back.
 */
public final class Batch {
    private final ByteBuffer pixels;
    private final ByteBuffer classes;
    private final int tensorSize;
    private int size;

    Batch(int capacity, int tensorSize) {
        this.tensorSize = tensorSize;
        this.pixels = direct((long) capacity * tensorSize * Float.BYTES);
        this.classes = direct((long) capacity * Long.BYTES);
    }

    private static ByteBuffer direct(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
    }

    /** How many pictures it holds. */
    public int size() {
        return size;
    }

    /** (N, C, H, W) floats in native byte order, N being {@link #size}. */
    public ByteBuffer pixels() {
        return pixels.slice(0, size * tensorSize * Float.BYTES).order(ByteOrder.nativeOrder());
    }

    /** (N) classes as 64-bit integers in native byte order. */
    public ByteBuffer classes() {
        return classes.slice(0, size * Long.BYTES).order(ByteOrder.nativeOrder());
    }

    /** The class of the picture at a place of the batch. */
    public int label(int place) {
        return (int) classes.getLong(place * Long.BYTES);
    }

    /** Empties it, and gives where the first picture goes. */
    FloatBuffer start() {
        size = 0;
        return pixels.clear().asFloatBuffer();
    }

    void add(int label) {
        classes.putLong(size * Long.BYTES, label);
        size++;
    }
}
