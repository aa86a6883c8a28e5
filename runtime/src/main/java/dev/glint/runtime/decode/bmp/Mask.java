package dev.glint.runtime.decode.bmp;

import dev.glint.runtime.decode.common.Damage;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one channel lies in a pixel.
 *
 * @param shift its lowest bit
 * @param max its largest value; 0 if the pixel does not hold it
 */
record Mask(int shift, long max) {
    private static final long[] BGRA = {0xff0000L, 0xff00L, 0xffL, 0xff000000L};
    private static final long[] BGR15 = {0x7c00L, 0x3e0L, 0x1fL};

    /** The channels of a file without masks: blue, green, red from the lowest bits. */
    static List<Mask> usual(int bitsPerPixel) {
        return masks(bitsPerPixel == 16 ? BGR15 : BGRA, 3);
    }

    /**
     * Reads masks. As in Pillow, alpha counts with 32 bits per pixel only, and masks that are all 0 mean BGRA there.
     *
     * @param withAlpha whether there is a fourth mask
     */
    static List<Mask> read(Bytes bytes, int offset, boolean withAlpha, int bitsPerPixel) {
        int count = withAlpha ? 4 : 3;
        bytes.require(offset + 4 * count, "colour masks");
        long[] values = new long[count];
        long all = 0;
        for (int c = 0; c < count; c++) {
            values[c] = bytes.uint32(offset + 4 * c);
            if ((all & values[c]) != 0 || values[c] >= 1L << bitsPerPixel) {
                throw Damage.found(offset + 4 * c, "colour masks that overlap or exceed a pixel", "a part for each");
            }
            all |= values[c];
        }
        if (all == 0 && bitsPerPixel == 32) {
            return masks(BGRA, 4);
        }
        if (all == 0) {
            throw Damage.found(offset, "colour masks of 0", "a part of the pixel for each colour");
        }
        return masks(values, withAlpha && bitsPerPixel == 32 && values[3] != 0 ? 4 : 3);
    }

    private static List<Mask> masks(long[] values, int count) {
        List<Mask> masks = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            int shift = values[c] == 0 ? 0 : Long.numberOfTrailingZeros(values[c]);
            masks.add(new Mask(shift, values[c] >>> shift));
        }
        return List.copyOf(masks);
    }

    /** The channel of a pixel as 0 to 255, rounded down as in Pillow. */
    int eightBit(long pixel) {
        long value = pixel >>> shift & max;
        return max == 255 || max == 0 ? (int) value : (int) (value * 255 / max);
    }
}
