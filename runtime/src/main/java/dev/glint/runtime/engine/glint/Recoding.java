package dev.glint.runtime.engine.glint;

import dev.glint.runtime.engine.glint.ArithmeticSteps.Operator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a table makes of the bytes of an array, and what they stand for: one more function of each number, but one that is
 * known byte by byte. Sums and products of two such are another one, in the arithmetic of ONNX Runtime's operators on bytes.
 *
 * @param from what the bytes of the array stand for
 * @param table for each of them another byte
 * @param to what that stands for
 */
record Recoding(Encoding from, byte[] table, Encoding to) implements FloatFunction {
    private static final int BYTES = 256;

    @Override
    public float apply(float x) {
        return to.decode(table[from.encode(x) & 0xff] & 0xff);
    }

    /** The bytes of an array as they are, or as they were recoded; null if they are floats, or more was done to them. */
    static @Nullable Recoding find(Activation activation) {
        if (activation.function() instanceof Recoding recoding) {
            return recoding;
        }
        return activation.isPlainBytes() ? plain(activation.storage().encoding()) : null;
    }

    private static Recoding plain(Encoding encoding) {
        byte[] table = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            table[i] = (byte) i;
        }
        return new Recoding(encoding, table, encoding);
    }

    /** The same bytes, standing for something else. */
    Recoding standingFor(Encoding other) {
        return new Recoding(from, table, other);
    }

    /** Whether two of the same array can be joined byte by byte before what stands behind. */
    static boolean canJoin(Operator operator, Ending ending) {
        return ending.isEncoded()
                && (operator == Operator.ADD || operator == Operator.MULTIPLY && ending.isUnclamped());
    }

    /** What becomes of both, of the same array, in a step with an encoded ending. */
    static Recoding join(Operator operator, Recoding a, Recoding b, Ending ending) {
        byte[] joined = new byte[BYTES];
        Encoding to = ending.requireEncoding();
        if (operator == Operator.ADD) {
            QuantizedSum sum = QuantizedSum.plan(a.to, b.to, to, ending.min(), ending.max());
            new PortableKernels().add(sum, a.table, b.table, joined, BYTES);
        } else {
            QuantizedProduct.plan(a.to, b.to, to).multiply(a.table, BYTES, b.table, BYTES, joined, BYTES);
        }
        return new Recoding(a.from, joined, to);
    }

    /** The same for one byte that stands in place of the second. */
    static Recoding join(Operator operator, Recoding a, byte constant, Encoding encoding, Ending ending) {
        byte[] repeated = new byte[BYTES];
        Arrays.fill(repeated, constant);
        return join(operator, a, new Recoding(a.from, repeated, encoding), ending);
    }
}
