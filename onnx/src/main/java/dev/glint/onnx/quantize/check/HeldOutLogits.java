package dev.glint.onnx.quantize.check;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.quantize.calibrate.TensorBatches;
import dev.glint.onnx.quantize.calibrate.TensorSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Held-out pictures, prepared once, and what the float model says of them, which it is asked for once. */
public final class HeldOutLogits implements HeldOutPictures {
    private final List<Batch> batches = new ArrayList<>();
    private final float[][] expected;

    private record Batch(FloatBuffer tensor, long[] shape) {
        static Batch copy(FloatBuffer tensor, long... shape) {
            FloatBuffer copy = ByteBuffer.allocateDirect(tensor.remaining() * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
            return new Batch(copy.put(tensor.duplicate()).flip(), shape);
        }
    }

    /**
     * Shows the pictures to the float model.
     *
     * @param floats with one output
     */
    public HeldOutLogits(OnnxModel floats, TensorSource pictures) {
        TensorBatches.visit(floats, pictures, (tensor, shape) -> batches.add(Batch.copy(tensor, shape)));
        this.expected = logits(floats);
    }

    @Override
    public double signalToNoise(OnnxModel integers) {
        float[][] found = logits(integers);
        double signal = 0;
        double noise = 0;
        for (int batch = 0; batch < found.length; batch++) {
            for (int i = 0; i < found[batch].length; i++) {
                double logit = expected[batch][i];
                signal += logit * logit;
                noise += (logit - found[batch][i]) * (logit - found[batch][i]);
            }
        }
        if (noise == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double decibels = 10 * Math.log10(signal / noise);
        return Double.isNaN(decibels) ? Double.NEGATIVE_INFINITY : decibels;
    }

    private float[][] logits(OnnxModel model) {
        String output = model.graph().outputs().get(0).name();
        float[][] logits = new float[batches.size()][];
        try (OnnxSession session = OnnxSession.open(model, Runtime.getRuntime().availableProcessors())) {
            for (int i = 0; i < logits.length; i++) {
                Batch batch = batches.get(i);
                logits[i] = session.run(batch.tensor(), batch.shape()).get(output);
            }
        }
        return logits;
    }
}
