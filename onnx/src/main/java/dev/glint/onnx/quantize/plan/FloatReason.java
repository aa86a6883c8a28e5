package dev.glint.onnx.quantize.plan;

import java.util.Arrays;
import java.util.Optional;

/** Why a step of a network stays in float. */
public enum FloatReason {
    OPERATOR("its operator has no integer form"),
    HEAD("it belongs to the head"),
    INPUT("what it takes is not made by integer operators"),
    CONSTANTS("it is no plain layer with constant weights, or takes constants where integers are needed"),
    UNFUSED("ONNX Runtime does not fuse its integer form"),
    EXCLUDED("it is excluded by the user"),
    COSTLY("it costs accuracy"),
    OVERFLOW("its values are too large for halves");

    private final String text;

    FloatReason(String text) {
        this.text = text;
    }

    /** The one that is put in these words. */
    static Optional<FloatReason> named(String text) {
        return Arrays.stream(values())
                .filter(reason -> reason.text.equals(text))
                .findFirst();
    }

    /** A clause for people. */
    public String text() {
        return text;
    }
}
