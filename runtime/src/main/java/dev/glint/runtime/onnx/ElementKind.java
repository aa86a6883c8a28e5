package dev.glint.runtime.onnx;

import java.util.Locale;
import java.util.Optional;

/** The element types of ONNX tensors (onnx.proto, {@code TensorProto.DataType}). */
public enum ElementKind {
    FLOAT(1, 32),
    UINT8(2, 8),
    INT8(3, 8),
    UINT16(4, 16),
    INT16(5, 16),
    INT32(6, 32),
    INT64(7, 64),
    STRING(8, 0),
    BOOL(9, 8),
    FLOAT16(10, 16),
    DOUBLE(11, 64),
    UINT32(12, 32),
    UINT64(13, 64),
    COMPLEX64(14, 64),
    COMPLEX128(15, 128),
    BFLOAT16(16, 16),
    FLOAT8E4M3FN(17, 8),
    FLOAT8E4M3FNUZ(18, 8),
    FLOAT8E5M2(19, 8),
    FLOAT8E5M2FNUZ(20, 8),
    UINT4(21, 4),
    INT4(22, 4),
    FLOAT4E2M1(23, 4);

    private static final ElementKind[] KINDS = values();

    private final int code;
    private final int bits;

    ElementKind(int code, int bits) {
        this.code = code;
        this.bits = bits;
    }

    /** The type of a code in a file. */
    static Optional<ElementKind> forCode(long code) {
        for (ElementKind kind : KINDS) {
            if (kind.code == code) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Bytes of so many elements in {@code raw_data}, where the small ones are packed; -1 for strings, which have no such form. */
    long rawBytes(long elements) {
        return bits == 0 ? -1 : (elements * bits + 7) / 8;
    }

    /** The type in words that a message has room for. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
