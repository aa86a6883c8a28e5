package dev.glint.runtime.engine.glint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.onnx.ElementKind;
import dev.glint.runtime.onnx.Initializer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a tensor of a file stands for, with and without scales. */
class ConstantTest {
    private static final byte[] BYTES = {-128, -3, 0, 5, 127, 1, -1, 2, -2, 3, -4, 100};
    private static final Initializer SIGNED = bytes(ElementKind.INT8, BYTES, 2, 3, 2);
    private static final Initializer UNSIGNED = bytes(ElementKind.UINT8, BYTES, 2, 3, 2);

    @Test
    void signedBytesAreTakenAsUnsignedOnes() {
        Constant signed = new Constant(SIGNED, floats(0.5f), signed(-3), 0);
        Constant unsigned = new Constant(UNSIGNED, floats(0.25f), bytes(ElementKind.UINT8, new byte[] {(byte) 200}), 0);

        assertEquals(new Encoding(0.5f, 125), signed.encoding());
        assertEquals(new Encoding(0.25f, 200), unsigned.encoding());
        assertEquals(new Encoding(0.5f, 128), new Constant(SIGNED, floats(0.5f), null, 0).encoding());
        assertArrayEquals(BYTES, unsigned.unsignedBytes());
        byte[] shifted = signed.unsignedBytes();
        for (int i = 0; i < BYTES.length; i++) {
            assertEquals(BYTES[i] + 128, shifted[i] & 0xff);
        }
        refused("a tensor of type float", () -> new Constant(floats(1)).unsignedBytes());
    }

    @Test
    void onlySignedBytesWithoutZeroPointsAreSymmetric() {
        assertTrue(new Constant(SIGNED, floats(1), null, 0).isSymmetric());
        assertTrue(new Constant(SIGNED, floats(1, 2), signed(0, 0), 0).isSymmetric());
        assertFalse(new Constant(SIGNED, floats(1, 2), signed(0, 1), 0).isSymmetric());
        assertFalse(new Constant(UNSIGNED, floats(1), null, 0).isSymmetric());
        assertFalse(new Constant(SIGNED).isSymmetric());
        assertFalse(new Constant(floats(1)).isSymmetric());
    }

    /** Along the middle of three axes: two values of each channel lie side by side. */
    @Test
    void everyChannelHasItsScaleAndZeroPoint() {
        float[] scales = {0.5f, 2, 4};
        int[] zeros = {1, -2, 3};
        float[] expected = new float[BYTES.length];
        float[] unshifted = new float[BYTES.length];
        for (int i = 0; i < BYTES.length; i++) {
            int channel = i / 2 % 3;
            expected[i] = (BYTES[i] - zeros[channel]) * scales[channel];
            unshifted[i] = BYTES[i] * scales[channel];
        }
        Initializer integers = integers(BYTES, 2, 3, 2);

        assertArrayEquals(expected, new Constant(SIGNED, floats(scales), signed(zeros), 1).floats());
        assertArrayEquals(unshifted, new Constant(SIGNED, floats(scales), null, 1).floats());
        assertArrayEquals(unshifted, new Constant(integers, floats(scales), null, 1).floats());
    }

    @Test
    void orAllHaveTheSame() {
        Initializer zero = bytes(ElementKind.UINT8, new byte[] {(byte) 200});
        float[] expected = new float[BYTES.length];
        for (int i = 0; i < BYTES.length; i++) {
            expected[i] = ((BYTES[i] & 0xff) - 200) * 0.5f;
        }

        assertArrayEquals(expected, new Constant(UNSIGNED, floats(0.5f), zero, 0).floats());
        assertArrayEquals(new float[] {1, 2}, new Constant(floats(1, 2)).floats());
    }

    @Test
    void zeroPointsFitTheirTensor() {
        refused("2 zero points for 3 channels", () -> new Constant(SIGNED, floats(1, 2, 3), signed(0, 0), 1).floats());
        refused("1 zero points for 1 channels", () -> new Constant(UNSIGNED, floats(1), signed(0), 0).floats());
        refused("2 numbers for 3 channels", () -> new Constant(SIGNED, floats(1, 2), null, 1).floats());
        refused("a tensor of type int8", () -> new Constant(SIGNED).floats());
        refused(
                "a tensor of type int64",
                () -> new Constant(tensor(ElementKind.INT64, ByteBuffer.allocate(8), 1), floats(1), null, 0).floats());
    }

    @Test
    void scalesOfOutputsGoAlongTheFirstAxis() {
        assertArrayEquals(new float[] {1, 2}, new Constant(SIGNED, floats(1, 2), null, 0).scales(2));
        assertArrayEquals(new float[] {3, 3}, new Constant(SIGNED, floats(3), null, 1).scales(2));
        assertArrayEquals(new float[] {3}, new Constant(SIGNED, floats(3), null, 1).scales(1));
        assertTrue(new Constant(SIGNED, floats(3), null, 1).hasOneScale());
        assertFalse(new Constant(SIGNED, floats(1, 2), null, 0).hasOneScale());
        assertFalse(new Constant(SIGNED).hasOneScale());
        refused(
                "scales along another axis than the first",
                () -> new Constant(SIGNED, floats(1, 2), null, 1).scales(2));
        Initializer square = tensor(ElementKind.FLOAT, floats(1, 2).raw(), 1, 2);
        refused("scales along another axis than the first", () -> new Constant(SIGNED, square, null, 0).scales(2));
        refused("no scale for t", () -> new Constant(SIGNED).scales(2));
    }

    @Test
    void elementsFitInAnArray() {
        ByteBuffer none = ByteBuffer.allocate(0);
        long most = FeatureMap.MAX_SIZE;

        assertEquals(most, new Constant(tensor(ElementKind.UINT8, none, most)).elements());
        assertEquals(most, new Constant(tensor(ElementKind.UINT8, none, most, 1)).size(0));
        assertEquals(1, new Constant(tensor(ElementKind.UINT8, none, most, 1)).size(1));
        for (long size : new long[] {0, most + 1}) {
            Constant constant = new Constant(tensor(ElementKind.UINT8, none, size));
            refused("a tensor of " + size + " elements", constant::elements);
            refused("a tensor of the shape [" + size + "]", () -> constant.size(0));
        }
        refused("the shape [2] where a single number is needed", () -> new Constant(floats(1, 2)).scalar());
        assertEquals(7, new Constant(floats(7)).scalar());
    }

    private static void refused(String reason, Executable executable) {
        assertEquals(reason, assertThrows(UnsupportedGraph.class, executable).getMessage());
    }

    private static Initializer tensor(ElementKind kind, ByteBuffer raw, long... shape) {
        List<Long> sizes = Arrays.stream(shape).boxed().toList();
        return new Initializer("t", kind, sizes, raw, ByteBuffer.allocate(0));
    }

    private static Initializer bytes(ElementKind kind, byte[] values, long... shape) {
        return tensor(kind, ByteBuffer.wrap(values), shape);
    }

    private static Initializer signed(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return tensor(ElementKind.INT8, ByteBuffer.wrap(bytes), values.length);
    }

    private static Initializer floats(float... values) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        return tensor(ElementKind.FLOAT, raw, values.length);
    }

    private static Initializer integers(byte[] values, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (byte value : values) {
            raw.putInt(value);
        }
        return tensor(ElementKind.INT32, raw.flip(), shape);
    }
}
