package dev.glint.onnx.quantize.check;

import dev.glint.onnx.graph.OnnxModel;

/** Calibration pictures that no range depends on: they judge what was done to the others. */
public interface HeldOutPictures {
    /**
     * How far the float model's logits stand out of the error of another model's: {@code 10 log10(sum of squares of the
     * logits / sum of squares of the differences)} over all pictures, in decibels; infinite if they are equal.
     */
    double signalToNoise(OnnxModel integers);
}
