package dev.glint.runtime.engine.glint;

/** What a name in a graph stands for. */
sealed interface Value permits Constant, Activation, Value.Encoded {

    /** Bytes between QuantizeLinear and DequantizeLinear. */
    record Encoded(Activation bytes) implements Value {}
}
