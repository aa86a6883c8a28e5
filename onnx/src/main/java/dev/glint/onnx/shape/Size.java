package dev.glint.onnx.shape;

import java.util.List;

/**
 * A dimension, or an integer that shapes are made of: a number, or a number for each picture of a batch.
 *
 * @param factor the number
 * @param perPicture whether it is multiplied by the number of pictures, N
 */
public record Size(long factor, boolean perPicture) {
    /** The number of pictures, N. */
    public static final Size BATCH = new Size(1, true);
    /** A dimension that broadcasts. */
    public static final Size ONE = fixed(1);

    /** A number. */
    public static Size fixed(long value) {
        return new Size(value, false);
    }

    /** Whether it is this number for any batch. */
    public boolean equalsNumber(long value) {
        return !perPicture && factor == value;
    }

    /**
     * The product of two sizes.
     *
     * @throws IllegalArgumentException if it has the batch squared
     * @throws ArithmeticException if it is too large
     */
    public Size times(Size other) {
        require(!perPicture || !other.perPicture, "a product of batches");
        return new Size(Math.multiplyExact(factor, other.factor), perPicture || other.perPicture);
    }

    /** The quotient of two sizes, where it is one; of numbers, rounded to 0. */
    Size dividedBy(Size other) {
        require(other.factor != 0 && (perPicture || !other.perPicture), this + " divided by " + other);
        require(!perPicture || factor % other.factor == 0, this + " divided by " + other);
        return new Size(factor / other.factor, perPicture && !other.perPicture);
    }

    /** The sum of two sizes, where it is one. */
    Size plus(Size other) {
        if (factor == 0) {
            return other;
        }
        require(other.factor == 0 || perPicture == other.perPicture, this + " plus " + other);
        return new Size(Math.addExact(factor, other.factor), perPicture);
    }

    /** The number, which must be one for any batch. */
    long number() {
        require(!perPicture, "a number that depends on the batch");
        return factor;
    }

    /** The product of the sizes of a shape. */
    public static Size product(List<Size> sizes) {
        Size product = ONE;
        for (Size size : sizes) {
            product = product.times(size);
        }
        return product;
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }

    @Override
    public String toString() {
        return perPicture ? (factor == 1 ? "N" : factor + "N") : Long.toString(factor);
    }
}
