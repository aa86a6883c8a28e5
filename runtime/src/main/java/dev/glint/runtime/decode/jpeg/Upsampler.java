package dev.glint.runtime.decode.jpeg;

/**
 * Widens and heightens the samples of a component to the size of the picture, a row at a time: by libjpeg's triangle
 * filters ("fancy upsampling") for the ratios 2x1, 1x2 and 2x2, else by repeating samples. A triangle filter takes three
 * quarters of the nearer sample and one of the farther; halves are rounded up and down in turn.
 */
final class Upsampler {
    private enum Method {
        NONE,
        REPEAT,
        TRIANGLE_2X1,
        TRIANGLE_1X2,
        TRIANGLE_2X2
    }

    private final SampleRows rows;
    private final Method method;
    private final int width;
    private final int repeatX;
    private final int repeatY;
    private final byte[] upsampled;
    private final int[] columnSums;

    /** Where the row that was asked for last lies. */
    byte[] samples;

    int offset;

    Upsampler(Frame frame, Component component, SampleRows rows) {
        this.rows = rows;
        this.width = component.width;
        this.repeatX = frame.maxHorizontal / frame.groupWidth(component);
        this.repeatY = frame.maxVertical / frame.groupHeight(component);
        this.method = method(frame.blockSize > 1);
        this.upsampled = new byte[method == Method.NONE ? 0 : (width + 1) * repeatX];
        this.columnSums = new int[method == Method.TRIANGLE_2X2 ? width : 0];
        this.samples = upsampled;
    }

    /**
     * As libjpeg-turbo 2.1 chooses.
     *
     * @param triangles whether samples are weighed at all, which they are not in a picture of an eighth of its size
     */
    private Method method(boolean triangles) {
        if (repeatX == 1 && repeatY == 1) {
            return Method.NONE;
        }
        if (!triangles) {
            return Method.REPEAT;
        }
        if (repeatX == 1 && repeatY == 2) {
            return Method.TRIANGLE_1X2;
        }
        if (repeatX == 2 && repeatY <= 2 && width > 2) {
            return repeatY == 1 ? Method.TRIANGLE_2X1 : Method.TRIANGLE_2X2;
        }
        return Method.REPEAT;
    }

    /** Makes {@link #samples} from {@link #offset} on the row {@code y} of the picture. */
    void upsample(int y) {
        byte[] source = rows.samples;
        int row = y / repeatY;
        int near = rows.offset(row);
        int far = rows.offset(y % 2 == 0 ? row - 1 : row + 1);
        switch (method) {
            case NONE -> {
                samples = source;
                offset = near;
            }
            case REPEAT -> repeat(source, near);
            case TRIANGLE_2X1 -> triangle2x1(source, near);
            case TRIANGLE_1X2 -> triangle1x2(source, near, far, y % 2 == 0 ? 1 : 2);
            case TRIANGLE_2X2 -> triangle2x2(source, near, far);
        }
    }

    private void repeat(byte[] source, int near) {
        for (int x = 0, to = 0; x < width; x++) {
            byte sample = source[near + x];
            for (int i = 0; i < repeatX; i++) {
                upsampled[to++] = sample;
            }
        }
    }

    private void triangle2x1(byte[] source, int near) {
        byte[] out = upsampled;
        int last = width - 1;
        int previous = source[near] & 0xff;
        int here = previous;
        for (int x = 0; x < last; x++) {
            int next = source[near + x + 1] & 0xff;
            out[2 * x] = (byte) (3 * here + previous + 1 >> 2);
            out[2 * x + 1] = (byte) (3 * here + next + 2 >> 2);
            previous = here;
            here = next;
        }
        out[2 * last] = (byte) (3 * here + previous + 1 >> 2);
        out[2 * last + 1] = (byte) here;
    }

    private void triangle1x2(byte[] source, int near, int far, int rounding) {
        byte[] out = upsampled;
        for (int x = 0; x < width; x++) {
            out[x] = (byte) (3 * (source[near + x] & 0xff) + (source[far + x] & 0xff) + rounding >> 2);
        }
    }

    private void triangle2x2(byte[] source, int near, int far) {
        int[] sums = columnSums;
        for (int x = 0; x < width; x++) {
            sums[x] = 3 * (source[near + x] & 0xff) + (source[far + x] & 0xff);
        }
        byte[] out = upsampled;
        int last = width - 1;
        int previous = sums[0];
        int here = previous;
        for (int x = 0; x < last; x++) {
            int next = sums[x + 1];
            out[2 * x] = (byte) (3 * here + previous + 8 >> 4);
            out[2 * x + 1] = (byte) (3 * here + next + 7 >> 4);
            previous = here;
            here = next;
        }
        out[2 * last] = (byte) (3 * here + previous + 8 >> 4);
        out[2 * last + 1] = (byte) (4 * here + 7 >> 4);
    }
}
