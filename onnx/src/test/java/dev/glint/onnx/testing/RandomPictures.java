package dev.glint.onnx.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;

/** Noise to compare two ways to the same answer with. */
public final class RandomPictures {
    private RandomPictures() {}

    /** Standard normal values in a direct buffer. */
    public static FloatBuffer normal(int count, long seed) {
        Random random = new Random(seed);
        FloatBuffer buffer = ByteBuffer.allocateDirect(count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int i = 0; i < count; i++) {
            buffer.put(i, (float) random.nextGaussian());
        }
        return buffer;
    }
}
