package dev.glint.runtime.onnx;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;

/** Why a file is not taken as a model. */
final class Refusal {
    private Refusal() {}

    /** The file is broken, cut off, or something else. */
    static GlintException malformed(String found) {
        return GlintException.failure(
                Reason.MODEL, "no ONNX model (" + found + ")", "an ONNX file", "write or copy the model again");
    }

    /** The file is an ONNX model, but one that asks for what a classifier never needs. */
    static GlintException unacceptable(String found, String expected) {
        return GlintException.failure(Reason.MODEL, found, expected, "write the model with exporter export");
    }
}
