package dev.glint.trainer.baseline;

import dev.glint.runtime.image.Image;

/**
 * Histograms of oriented gradients (Dalal, Triggs, "Histograms of Oriented Gradients for Human Detection", 2005), with
 * the choices that scikit-image's {@code hog} makes: central differences that are 0 at the border, in a colour picture
 * the channel with the largest gradient, a vote of the gradient's magnitude for the one bin its direction (0 to 180
 * degrees) falls into, the mean over the cell's pixels, and blocks at every cell normalized by L2-Hys (to unit length,
 * clipped at 0.2, to unit length again). Immutable.
 *
 * @param orientations bins of a histogram
 * @param cellSize columns and rows of a cell, in pixels
 * @param blockSize columns and rows of a block, in cells
 * @param squareRoot whether gradients are those of the samples' square roots, which lessens the effect of lighting
 */
record Hog(int orientations, int cellSize, int blockSize, boolean squareRoot) {
    private static final double CLIP = 0.2;
    private static final double EPSILON = 1e-5;

    public Hog {
        if (orientations < 1 || cellSize < 1 || blockSize < 1) {
            throw new IllegalArgumentException(
                    orientations + " orientations, cells of " + cellSize + ", blocks of " + blockSize);
        }
    }

    /**
     * How many numbers describe a picture.
     *
     * @throws IllegalArgumentException if the picture is smaller than a block
     */
    public int length(int width, int height) {
        int across = width / cellSize - blockSize + 1;
        int down = height / cellSize - blockSize + 1;
        if (across < 1 || down < 1) {
            throw new IllegalArgumentException("a picture of " + width + "x" + height + " is smaller than a block of "
                    + blockSize * cellSize + " pixels");
        }
        return across * down * blockSize * blockSize * orientations;
    }

    /**
     * Describes a picture.
     *
     * @param picture upright, gray or RGB
     * @return blocks row by row, in each the cells row by row, in each the bins from 0 degrees on
     */
    public double[] describe(Image picture) {
        double[] described = new double[length(picture.width(), picture.height())];
        double[] cells = cells(picture);
        int cellsAcross = picture.width() / cellSize;
        int cellsDown = picture.height() / cellSize;
        int blockLength = blockSize * blockSize * orientations;
        int at = 0;
        for (int row = 0; row + blockSize <= cellsDown; row++) {
            for (int column = 0; column + blockSize <= cellsAcross; column++) {
                for (int r = 0; r < blockSize; r++) {
                    int from = ((row + r) * cellsAcross + column) * orientations;
                    int length = blockSize * orientations;
                    System.arraycopy(cells, from, described, at + r * length, length);
                }
                normalize(described, at, at + blockLength);
                at += blockLength;
            }
        }
        return described;
    }

    /** The histogram of each cell, row by row; pixels beyond the last whole cell vote for none. */
    private double[] cells(Image picture) {
        int across = picture.width() / cellSize;
        int down = picture.height() / cellSize;
        double[] samples = samples(picture);
        // scikit-image sums up in single precision.
        float[] sums = new float[across * down * orientations];
        double[] gradient = new double[2];
        for (int y = 0; y < down * cellSize; y++) {
            for (int x = 0; x < across * cellSize; x++) {
                double magnitude = gradient(picture, samples, x, y, gradient);
                if (magnitude > 0) {
                    int cell = y / cellSize * across + x / cellSize;
                    int at = cell * orientations + bin(gradient[0], gradient[1]);
                    sums[at] = (float) (sums[at] + magnitude);
                }
            }
        }
        double[] means = new double[sums.length];
        for (int i = 0; i < sums.length; i++) {
            means[i] = sums[i] / (cellSize * cellSize);
        }
        return means;
    }

    private double[] samples(Image picture) {
        byte[] stored = picture.samples();
        double[] samples = new double[stored.length];
        for (int i = 0; i < samples.length; i++) {
            int sample = stored[i] & 0xff;
            samples[i] = squareRoot ? Math.sqrt(sample) : sample;
        }
        return samples;
    }

    /** Puts the (column, row) gradient of the channel with the largest one into {@code gradient}; returns its magnitude. */
    private static double gradient(Image picture, double[] samples, int x, int y, double[] gradient) {
        int channels = picture.mode().channels();
        int stride = picture.width() * channels;
        int pixel = y * stride + x * channels;
        boolean inColumns = x > 0 && x < picture.width() - 1;
        boolean inRows = y > 0 && y < picture.height() - 1;
        double largest = -1;
        for (int c = 0; c < channels; c++) {
            int at = pixel + c;
            double column = inColumns ? samples[at + channels] - samples[at - channels] : 0;
            double row = inRows ? samples[at + stride] - samples[at - stride] : 0;
            double squared = column * column + row * row;
            if (squared > largest) {
                largest = squared;
                gradient[0] = column;
                gradient[1] = row;
            }
        }
        return Math.sqrt(largest);
    }

    private int bin(double column, double row) {
        double degrees = Math.toDegrees(Math.atan2(row, column));
        double direction = degrees < 0 ? degrees + 180 : degrees;
        // A gradient straight to the left has 180 degrees, which is 0.
        return (int) (direction * orientations / 180) % orientations;
    }

    private static void normalize(double[] values, int from, int to) {
        scale(values, from, to);
        for (int i = from; i < to; i++) {
            values[i] = Math.min(values[i], CLIP);
        }
        scale(values, from, to);
    }

    private static void scale(double[] values, int from, int to) {
        double sum = EPSILON * EPSILON;
        for (int i = from; i < to; i++) {
            sum += values[i] * values[i];
        }
        double length = Math.sqrt(sum);
        for (int i = from; i < to; i++) {
            values[i] /= length;
        }
    }
}
