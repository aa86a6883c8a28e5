package dev.glint.runtime.image;

import static dev.glint.runtime.image.Coefficients.PRECISION_BITS;

import java.util.Arrays;

/**
 * Resizes as Pillow's {@code Image.resize} does, bit for bit: separable convolution in fixed point (22 bits), rows
 * first, rounded to 8 bits between the passes, a pass left out where the size stays; the filter widens with the
 * reduction (antialias). Safe for use by several threads.
 */
public final class Resampler {
    /** Hundreds of sizes of photographs; of a strip that becomes gigantic, the weights alone would take more. */
    private static final long MAX_KEPT_BYTES = 8 << 20;

    static final CoefficientCache KEPT = new CoefficientCache(MAX_KEPT_BYTES);

    private Resampler() {}

    /**
     * A picture of {@code width x height} pixels; the same picture if it has that size.
     *
     * @param image without alpha, whose colours must not be weighed alone
     */
    public static Image resize(Image image, int width, int height, Interpolation interpolation) {
        if (image.mode().hasAlpha()) {
            throw new IllegalArgumentException("resize of " + image.mode());
        }
        if (image.width() == width && image.height() == height) {
            return image;
        }
        if (interpolation == Interpolation.NEAREST) {
            return nearest(image, width, height);
        }
        Image result = image;
        if (width != image.width()) {
            result = horizontal(image, width, KEPT.get(image.width(), width, interpolation));
        }
        if (height != image.height()) {
            result = vertical(result, height, KEPT.get(image.height(), height, interpolation));
        }
        return result;
    }

    private static Image horizontal(Image image, int width, Coefficients coefficients) {
        int channels = image.mode().channels();
        byte[] from = image.samples();
        byte[] to = new byte[Math.multiplyExact(width * channels, image.height())];
        for (int y = 0; y < image.height(); y++) {
            int start = y * image.width() * channels;
            int target = y * width * channels;
            if (channels == 1) {
                grayRow(from, start, to, target, coefficients);
            } else {
                rgbRow(from, start, to, target, coefficients);
            }
        }
        return new Image(width, image.height(), image.mode(), image.orientation(), to);
    }

    private static void grayRow(byte[] from, int start, byte[] to, int target, Coefficients coefficients) {
        int[] weights = coefficients.weights();
        for (int x = 0; x < coefficients.first().length; x++) {
            int sum = 1 << (PRECISION_BITS - 1);
            int at = start + coefficients.first()[x];
            int weight = x * coefficients.taps();
            for (int end = weight + coefficients.count()[x]; weight < end; weight++) {
                sum += (from[at++] & 0xff) * weights[weight];
            }
            to[target + x] = clip(sum);
        }
    }

    private static void rgbRow(byte[] from, int start, byte[] to, int target, Coefficients coefficients) {
        int[] weights = coefficients.weights();
        for (int x = 0, out = target; x < coefficients.first().length; x++, out += 3) {
            int red = 1 << (PRECISION_BITS - 1);
            int green = red;
            int blue = red;
            int at = start + 3 * coefficients.first()[x];
            int weight = x * coefficients.taps();
            for (int end = weight + coefficients.count()[x]; weight < end; weight++, at += 3) {
                int w = weights[weight];
                red += (from[at] & 0xff) * w;
                green += (from[at + 1] & 0xff) * w;
                blue += (from[at + 2] & 0xff) * w;
            }
            to[out] = clip(red);
            to[out + 1] = clip(green);
            to[out + 2] = clip(blue);
        }
    }

    private static Image vertical(Image image, int height, Coefficients coefficients) {
        int rowLength = image.width() * image.mode().channels();
        byte[] from = image.samples();
        byte[] to = new byte[Math.multiplyExact(rowLength, height)];
        int[] sums = new int[rowLength];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, 1 << (PRECISION_BITS - 1));
            int start = coefficients.first()[y] * rowLength;
            for (int k = 0; k < coefficients.count()[y]; k++) {
                addRow(from, start + k * rowLength, coefficients.weights()[y * coefficients.taps() + k], sums);
            }
            int target = y * rowLength;
            for (int i = 0; i < rowLength; i++) {
                to[target + i] = clip(sums[i]);
            }
        }
        return new Image(image.width(), height, image.mode(), image.orientation(), to);
    }

    private static void addRow(byte[] from, int start, int weight, int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (from[start + i] & 0xff) * weight;
        }
    }

    private static byte clip(int sum) {
        int value = sum >> PRECISION_BITS;
        return (byte) (value < 0 ? 0 : Math.min(value, 255));
    }

    /** Positions are summed up, not multiplied, because Pillow's affine transform does so. */
    private static Image nearest(Image image, int width, int height) {
        int channels = image.mode().channels();
        int[] columns = positions(image.width(), width);
        int[] rows = positions(image.height(), height);
        byte[] from = image.samples();
        byte[] to = new byte[Math.multiplyExact(width * channels, height)];
        int out = 0;
        for (int row : rows) {
            int start = row * image.width();
            for (int column : columns) {
                int at = (start + column) * channels;
                for (int c = 0; c < channels; c++) {
                    to[out++] = from[at + c];
                }
            }
        }
        return new Image(width, height, image.mode(), image.orientation(), to);
    }

    private static int[] positions(int in, int out) {
        double step = (double) in / out;
        double position = step * 0.5;
        int[] positions = new int[out];
        for (int i = 0; i < out; i++) {
            positions[i] = Math.min((int) position, in - 1);
            position += step;
        }
        return positions;
    }
}
