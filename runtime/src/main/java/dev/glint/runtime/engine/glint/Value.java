package dev.glint.runtime.engine.glint;

/** What a name in a graph stands for. */
sealed interface Value permits Constant, Activation, Value.Encoded {

    /**
     * Bytes between QuantizeLinear and DequantizeLinear.
     *
     * @param signed whether the graph has them as signed ones, which the array has as unsigned ones, 128 more
     */
    record Encoded(Activation bytes, boolean signed) implements Value {}
}
