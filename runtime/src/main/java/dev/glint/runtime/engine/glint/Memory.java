package dev.glint.runtime.engine.glint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The arrays of one thread. */
final class Memory {
    private final Kernels kernels;
    private final byte[][] bytes;
    private final float[][] floats;
    private final byte[] byteWorkspace;
    private final float[] floatWorkspace;
    private final float[] input;
    private final float[] output;
    private int picture;

    Memory(Kernels kernels, MemoryLayout layout, int byteWorkspace, int floatWorkspace, float[] input, float[] output) {
        this.kernels = kernels;
        this.bytes = new byte[layout.byteSlots().length][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = new byte[layout.byteSlots()[i]];
        }
        this.floats = new float[layout.floatSlots().length][];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = new float[layout.floatSlots()[i]];
        }
        this.byteWorkspace = new byte[byteWorkspace];
        this.floatWorkspace = new float[floatWorkspace];
        this.input = input;
        this.output = output;
        for (Object array : seenByKernels()) {
            kernels.hold(array);
        }
    }

    private List<Object> seenByKernels() {
        List<Object> arrays = new ArrayList<>(List.of(byteWorkspace, floatWorkspace));
        Collections.addAll(arrays, (Object[]) bytes);
        Collections.addAll(arrays, (Object[]) floats);
        return arrays;
    }

    /** Lets go of the arrays. */
    void release() {
        for (Object array : seenByKernels()) {
            kernels.release(array);
        }
    }

    Kernels kernels() {
        return kernels;
    }

    byte[] bytes(int slot) {
        return bytes[slot];
    }

    float[] floats(int slot) {
        return floats[slot];
    }

    byte[] byteWorkspace() {
        return byteWorkspace;
    }

    float[] floatWorkspace() {
        return floatWorkspace;
    }

    /** Which picture of the batch is at hand. */
    int picture() {
        return picture;
    }

    void setPicture(int index) {
        picture = index;
    }

    /** (N, C, H, W). */
    float[] input() {
        return input;
    }

    /** (N, labels). */
    float[] output() {
        return output;
    }
}
