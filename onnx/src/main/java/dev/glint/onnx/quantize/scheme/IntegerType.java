package dev.glint.onnx.quantize.scheme;

import dev.glint.onnx.graph.ElementType;

/** The bytes that a tensor is written in. */
public enum IntegerType {
    /** Unsigned, 0 to 255. */
    U8(ElementType.UINT8, 0, 255),
    /** Signed, -128 to 127. */
    S8(ElementType.INT8, -128, 127);

    private final ElementType element;
    private final int min;
    private final int max;

    IntegerType(ElementType element, int min, int max) {
        this.element = element;
        this.min = min;
        this.max = max;
    }

    /** The type of the tensor in a file. */
    public ElementType element() {
        return element;
    }

    /** The smallest number. */
    public int min() {
        return min;
    }

    /** The largest number. */
    public int max() {
        return max;
    }
}
