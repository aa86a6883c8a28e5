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

    /** Signed symmetric weights with a scale per output channel. */
    public static final TensorScheme WEIGHT_S8_PER_CHANNEL =
            new TensorScheme(IntegerType.S8, 8, Symmetry.SYMMETRIC, Granularity.PER_CHANNEL);

    /** Where the zero point lies. */
    public enum Symmetry {
        /** The zero point is 0, or 128 unsigned; the range reaches as far down as up. */
        SYMMETRIC,
        /** The range decides the zero point. */
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
}
