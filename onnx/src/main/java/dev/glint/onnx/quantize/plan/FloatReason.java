package dev.glint.onnx.quantize.plan;

/** Why a step of a network stays in float. */
public enum FloatReason {
    OPERATOR("its operator has no integer form"),
    HEAD("it belongs to the head"),
    INPUT("what it takes is not made by integer operators"),
    CONSTANTS("it is no plain layer with constant weights, or takes constants where integers are needed"),
    EXCLUDED("it was asked to"),
    UNFUSED("ONNX Runtime does not fuse its integer form");

    private final String text;

    FloatReason(String text) {
        this.text = text;
    }

    /** A clause for people. */
    public String text() {
        return text;
    }
}
