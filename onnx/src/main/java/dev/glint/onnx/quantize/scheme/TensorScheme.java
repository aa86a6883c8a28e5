package dev.glint.onnx.quantize.scheme;

/**
 * How a tensor becomes integers, but for its range.
 *
 * @param type signed or unsigned bytes
 * @param bits how many of the 8 are used: 7 leave headroom where a processor adds two products in 16 bits
 * @param symmetry where the zero point lies
 * @param granularity how many scales there are
 */
public record TensorScheme(IntegerType type, int bits, Symmetry symmetry, Granularity granularity) {
    /** Unsigned asymmetric activations: the zero point lies where the range wants it. */
    public static final TensorScheme ACTIVATION_U8 =
            new TensorScheme(IntegerType.U8, 8, Symmetry.ASYMMETRIC, Granularity.PER_TENSOR);

    /** Signed asymmetric activations: the same numbers, 128 lower. */
    public static final TensorScheme ACTIVATION_S8 =
            new TensorScheme(IntegerType.S8, 8, Symmetry.ASYMMETRIC, Granularity.PER_TENSOR);

    /** Signed symmetric activations: their zero point is 0, so that half of the bytes is lost behind a ReLU. */
    public static final TensorScheme ACTIVATION_S8_SYMMETRIC =
            new TensorScheme(IntegerType.S8, 8, Symmetry.SYMMETRIC, Granularity.PER_TENSOR);

    /** Signed symmetric weights with a scale per output channel. */
    public static final TensorScheme WEIGHT_S8_PER_CHANNEL =
            new TensorScheme(IntegerType.S8, 8, Symmetry.SYMMETRIC, Granularity.PER_CHANNEL);

    /** Signed symmetric weights with one scale. */
    public static final TensorScheme WEIGHT_S8_PER_TENSOR =
            new TensorScheme(IntegerType.S8, 8, Symmetry.SYMMETRIC, Granularity.PER_TENSOR);

    /**
     * Signed symmetric weights of 7 bits with a scale per output channel: two products with unsigned bytes, at most 2 x
     * 255 x 63, fit in 16 bits.
     */
    public static final TensorScheme WEIGHT_S7_PER_CHANNEL =
            new TensorScheme(IntegerType.S8, 7, Symmetry.SYMMETRIC, Granularity.PER_CHANNEL);

    /** Where the zero point lies. */
    public enum Symmetry {
        /** In the middle, at 0, or 128 unsigned; the range reaches as far down as up. */
        SYMMETRIC,
        /** Where the range wants it. */
        ASYMMETRIC
    }

    /** How many scales a tensor has. */
    public enum Granularity {
        /** One for all elements. */
        PER_TENSOR,
        /** One for each output channel, the first dimension of a weight. */
        PER_CHANNEL
    }

    public TensorScheme {
        if (bits < 2 || bits > 8) {
            throw new IllegalArgumentException(bits + " bits");
        }
    }

    /** The smallest integer that a range is laid over; symmetric ones leave out the one that has no opposite. */
    public int lowest() {
        int lowest = type == IntegerType.S8 ? -(1 << bits - 1) : 0;
        return symmetry == Symmetry.SYMMETRIC ? lowest + 1 : lowest;
    }

    /** The largest integer that a range is laid over. */
    public int highest() {
        return type == IntegerType.S8 ? (1 << bits - 1) - 1 : (1 << bits) - 1;
    }

    /** The integer in the middle, which stands for 0 in a symmetric tensor. */
    public int middle() {
        return type == IntegerType.S8 ? 0 : 1 << bits - 1;
    }

    /** Sign and bits, such as {@code s8}. */
    public String typeName() {
        return (type == IntegerType.S8 ? "s" : "u") + bits;
    }

    /** In the words of papers and tools, such as {@code s8 symmetric per channel}. */
    public String describe() {
        return typeName()
                + (symmetry == Symmetry.SYMMETRIC ? " symmetric" : " asymmetric")
                + (granularity == Granularity.PER_CHANNEL ? " per channel" : " per tensor");
    }
}
