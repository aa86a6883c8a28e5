package dev.glint.onnx.graph;

/** What a tensor holds: the part of ONNX's {@code TensorProto.DataType} that image classifiers use. */
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8);

    private final int code;
    private final int bytes;

    ElementType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The number of this type in an ONNX file. */
    public int code() {
        return code;
    }

    /** Bytes per element. */
    public int bytes() {
        return bytes;
    }

    /** Whether a number is that of a type here. */
    public static boolean isCode(long code) {
        for (ElementType type : values()) {
            if (type.code == code) {
                return true;
            }
        }
        return false;
    }

    /**
     * The type with a number.
     *
     * @throws IllegalArgumentException if no type here has it
     */
    public static ElementType fromCode(int code) {
        for (ElementType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("element type " + code);
    }
}
