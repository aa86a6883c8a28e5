package dev.glint.onnx.quantize.check;

import dev.glint.onnx.graph.OnnxModel;

/** Calibration pictures that no range depends on: they judge what was done to the others. */
public interface HeldOutPictures {
    /** How near another model's logits for these pictures are to those of the float model. */
    Fidelity fidelity(OnnxModel integers);

    /**
     * How far the float model's logits stand out of the error of another model's: {@code 10 log10(sum of squares of the
     * logits / sum of squares of the differences)} over all pictures, in decibels; infinite if they are equal.
     */
    default double signalToNoise(OnnxModel integers) {
        return fidelity(integers).decibels();
    }
}
