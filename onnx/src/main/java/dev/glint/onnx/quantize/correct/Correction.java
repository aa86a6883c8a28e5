package dev.glint.onnx.quantize.correct;

import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.write.QuantizationDraft;

/** A change to weights, biases or ranges that may bring the integer model nearer to the float one. Kept only if it does. */
public interface Correction {
    /** As options and manifests name it. */
    String name();

    /** Whether the corrected float model has other activations, so that their ranges are found anew. */
    default boolean changesActivations() {
        return false;
    }

    /**
     * The draft with this correction.
     *
     * @param measurement shows calibration pictures to models
     */
    QuantizationDraft correct(QuantizationDraft draft, Measurement measurement);
}
