package dev.glint.onnx.quantize.check;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.quantize.calibrate.TensorBatches;
import dev.glint.onnx.quantize.calibrate.TensorSource;
import java.nio.FloatBuffer;

/** Held-out pictures and what the float model says of them, which it is asked for once. */
public final class HeldOutLogits implements HeldOutPictures {
    private final TensorSource pictures;
    private final float[][] expected;

    /**
     * Shows the pictures to the float model.
     *
     * @param floats with one output
     */
    public HeldOutLogits(OnnxModel floats, TensorSource pictures) {
        this.pictures = pictures;
        this.expected = new float[pictures.size()][];
        int[] at = {0};
        show(floats, (logits, batch) -> {
            int classes = logits.remaining() / batch;
            for (int n = 0; n < batch; n++) {
                expected[at[0]] = new float[classes];
                logits.get(expected[at[0]++]);
            }
        });
    }

    @Override
    public double signalToNoise(OnnxModel integers) {
        double[] signal = {0};
        double[] noise = {0};
        int[] at = {0};
        show(integers, (logits, batch) -> {
            for (int n = 0; n < batch; n++) {
                for (float logit : expected[at[0]++]) {
                    signal[0] += (double) logit * logit;
                    double error = (double) logit - logits.get();
                    noise[0] += error * error;
                }
            }
        });
        return 10 * Math.log10(signal[0] / noise[0]);
    }

    private interface LogitsVisitor {
        void visit(FloatBuffer logits, int batch);
    }

    private void show(OnnxModel model, LogitsVisitor visitor) {
        String output = model.graph().outputs().get(0).name();
        try (OnnxSession session = OnnxSession.open(model, Runtime.getRuntime().availableProcessors())) {
            TensorBatches.visit(
                    pictures,
                    (tensor, shape) -> session.visit(tensor, shape, (name, values, dimensions) -> {
                        if (name.equals(output)) {
                            visitor.visit(values, Math.toIntExact(shape[0]));
                        }
                    }));
        }
    }
}
