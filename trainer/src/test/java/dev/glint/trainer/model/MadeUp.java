package dev.glint.trainer.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.zip.CRC32;

/** The weights and pictures of {@code record_models.py}, made again. */
final class MadeUp {
    private MadeUp() {}

    /** Values in [-1, 1), decided by the name and the position. */
    static float[] uniform(String name, int count) {
        float[] values = new float[count];
        int offset = offset(name);
        for (int i = 0; i < count; i++) {
            values[i] = (float) unit(i + offset);
        }
        return values;
    }

    static float[] weights(String name, long[] shape) {
        int count = Math.toIntExact(LongStream.of(shape).reduce(1, Math::multiplyExact));
        long fanIn = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
        int offset = offset(name);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            double u = unit(i + offset);
            if (name.endsWith("running_var")) {
                u = 1 + 0.5 * u;
            } else if (shape.length == 1) {
                u = name.endsWith("weight") ? 1 + 0.25 * u : 0.25 * u;
            } else {
                u = u * Math.sqrt(6.0 / fanIn);
            }
            values[i] = (float) u;
        }
        return values;
    }

    static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static int offset(String name) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    private static double unit(int position) {
        int x = position;
        x ^= x >>> 16;
        x *= 0x85ebca6b;
        x ^= x >>> 13;
        x *= 0xc2b2ae35;
        x ^= x >>> 16;
        return (x >>> 8) / (double) (1 << 23) - 1;
    }
}
