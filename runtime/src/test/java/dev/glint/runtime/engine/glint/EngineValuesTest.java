package dev.glint.runtime.engine.glint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.engine.glint.ArithmeticSteps.Operator;
import dev.glint.runtime.engine.glint.FloatFunction.Clamp;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Bounds and equality of the values that a plan is made of. */
class EngineValuesTest {
    private static final int MOST = Window.MAX_EXTENT;

    @Test
    void noExtentOfAWindowIsOutOfBounds() {
        int[] least = {1, 1, 1, 1, 0, 0, 1, 1};
        for (int i = 0; i < least.length; i++) {
            int[] extents = least.clone();
            assertEquals(1, window(extents).size());
            extents[i] = least[i] - 1;
            assertThrows(IllegalArgumentException.class, () -> window(extents));
            extents[i] = MOST + 1;
            Exception e = assertThrows(IllegalArgumentException.class, () -> window(extents));
            assertEquals("an extent of 32769 in a window", e.getMessage());
            extents[i] = MOST;
            assertEquals(i < 2 ? MOST : 1, window(extents).size());
        }
    }

    private static Window window(int[] extents) {
        return new Window(
                extents[0], extents[1], extents[2], extents[3], extents[4], extents[5], extents[6], extents[7]);
    }

    @Test
    void activationsHaveTheirBounds() {
        for (int[] size : new int[][] {{1 << 26, 1, 1}, {1, 1 << 26, 1}, {1, 1, 1 << 26}, {1 << 13, 1 << 13, 1}}) {
            assertEquals(FeatureMap.MAX_SIZE, new FeatureMap(size[0], size[1], size[2]).size());
        }
        for (int[] size : new int[][] {
            {0, 1, 1},
            {1, 0, 1},
            {1, 1, 0},
            {(1 << 26) + 1, 1, 1},
            {1, (1 << 26) + 1, 1},
            {1, 1, (1 << 26) + 1},
            {1 << 13, (1 << 13) + 1, 1},
            {1 << 16, 1 << 16, 1}
        }) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new FeatureMap(size[0], size[1], size[2]),
                    Arrays.toString(size));
        }
    }

    @Test
    void encodingsHaveTheirBounds() {
        assertEquals(255, new Encoding(Float.MIN_VALUE, 255).zeroPoint());
        assertEquals(0, new Encoding(Float.MAX_VALUE, 0).zeroPoint());
        for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThrows(UnsupportedGraph.class, () -> new Encoding(scale, 0));
        }
        for (int zeroPoint : new int[] {-1, 256}) {
            assertThrows(UnsupportedGraph.class, () -> new Encoding(1, zeroPoint));
        }
    }

    @Test
    void whatIsEncodedIsRoundedToTheEvenNeighbour() {
        Encoding encoding = new Encoding(0.5f, 100);
        float[][] cases = {{0, 100}, {0.25f, 100}, {0.75f, 102}, {-0.25f, 100}, {-0.75f, 98}, {1e30f, 255}, {-1e30f, 0}
        };
        for (float[] numbers : cases) {
            assertEquals((int) numbers[1], encoding.encode(numbers[0]) & 0xff);
        }
        assertEquals(0, encoding.encode(Float.NaN));
        assertEquals(-50, encoding.decode(0));
        assertEquals(77.5f, encoding.decode(255));
    }

    @Test
    void equalValuesAreEqualKeys() {
        assertEquals(new Encoding(0.5f, 3), new Encoding(0.5f, 3));
        assertEquals(new Encoding(0.5f, 3).hashCode(), new Encoding(0.5f, 3).hashCode());
        assertNotEquals(new Encoding(0.5f, 3), new Encoding(0.25f, 3));
        assertNotEquals(new Encoding(0.5f, 3), new Encoding(0.5f, 4));
        assertNotEquals(new Encoding(0.5f, 3).hashCode(), new Encoding(0.5f, 4).hashCode());
        assertEquals(new FeatureMap(2, 3, 4), new FeatureMap(2, 3, 4));
        assertEquals(new FeatureMap(2, 3, 4).hashCode(), new FeatureMap(2, 3, 4).hashCode());
        assertNotEquals(new FeatureMap(2, 3, 4), new FeatureMap(3, 3, 4));
        assertNotEquals(new FeatureMap(2, 3, 4), new FeatureMap(2, 4, 4));
        assertNotEquals(new FeatureMap(2, 3, 4), new FeatureMap(2, 3, 3));
        assertNotEquals(new FeatureMap(2, 3, 4).hashCode(), new FeatureMap(3, 2, 4).hashCode());
    }

    @Test
    void bytesThatComeOutHaveTheirBounds() {
        assertEquals(255, new Requantization(new float[1], 255, 0, 255).max());
        assertEquals(7, new Requantization(new float[1], 0, 7, 7).min());
        assertEquals(7, new QuantizedSum(1, 1, 0, 7, 7).min());
        for (int[] bounds : new int[][] {{-1, 0, 255}, {256, 0, 255}, {0, -1, 255}, {0, 0, 256}, {0, 8, 7}}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Requantization(new float[1], bounds[0], bounds[1], bounds[2]));
            if (bounds[0] == 0) {
                assertThrows(IllegalArgumentException.class, () -> new QuantizedSum(1, 1, 0, bounds[1], bounds[2]));
            }
        }
    }

    @Test
    void anEndingKnowsWhetherItClamps() {
        assertTrue(ending(Ending.UNCLAMPED).isUnclamped());
        assertFalse(ending(new Clamp(0, Float.POSITIVE_INFINITY)).isUnclamped());
        assertFalse(ending(new Clamp(Float.NEGATIVE_INFINITY, 6)).isUnclamped());
        assertEquals(128, ending(new Clamp(0, 6)).min());
        assertEquals(140, ending(new Clamp(0, 6)).max());
    }

    /** The product of bytes knows no bounds but those of its bytes. */
    @Test
    void bytesAreJoinedByASumOrAProductOnly() {
        Ending encoded = ending(Ending.UNCLAMPED);
        Ending clamped = ending(new Clamp(0, 6));
        Ending floats = new Ending("v", Ending.UNCLAMPED, new int[0], null, -1);

        assertTrue(Recoding.canJoin(Operator.ADD, encoded));
        assertTrue(Recoding.canJoin(Operator.ADD, clamped));
        assertTrue(Recoding.canJoin(Operator.MULTIPLY, encoded));
        assertFalse(Recoding.canJoin(Operator.MULTIPLY, clamped));
        assertFalse(Recoding.canJoin(Operator.SUBTRACT, encoded));
        assertFalse(Recoding.canJoin(Operator.ADD, floats));
        assertFalse(Recoding.canJoin(Operator.MULTIPLY, floats));
    }

    @Test
    void aRecodedByteStandsForAnotherNumber() {
        byte[] table = new byte[256];
        table[102] = (byte) 250;
        Recoding recoding = new Recoding(new Encoding(0.5f, 100), table, new Encoding(2, 50));

        assertEquals(400, recoding.apply(1));
        assertEquals(-100, recoding.apply(7));
    }

    @Test
    void whatIsShorterIsRepeated() {
        byte[] picture = {1, 2, 3, 4, 5, 6};
        byte[] pixel = {10, 20};
        byte[] repeated = {10, 20, 10, 20, 10, 20};
        Encoding encoding = new Encoding(1, 0);
        QuantizedProduct product = QuantizedProduct.plan(encoding, encoding, encoding);
        byte[] left = new byte[6];
        byte[] right = new byte[6];
        byte[] expected = {10, 40, 30, 80, 50, 120};

        product.multiply(picture, 6, pixel, 2, right, 6);
        product.multiply(pixel, 2, picture, 6, left, 6);
        assertArrayEquals(expected, right);
        assertArrayEquals(expected, left);
        product.multiply(picture, 6, repeated, 6, left, 6);
        assertArrayEquals(expected, left);
    }

    private static Ending ending(Clamp clamp) {
        return new Ending("v", clamp, new int[0], new Encoding(0.5f, 128), 1);
    }
}
