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
        int pictures() {
            return Math.toIntExact(shape[0]);
        }

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
    public Fidelity fidelity(OnnxModel integers) {
        float[][] found = logits(integers);
        int pictures = batches.stream().mapToInt(Batch::pictures).sum();
        double[] signals = new double[pictures];
        double[] noises = new double[pictures];
        int first = 0;
        for (int batch = 0; batch < found.length; batch++) {
            int size = batches.get(batch).pictures();
            int classes = found[batch].length / size;
            for (int i = 0; i < found[batch].length; i++) {
                double logit = expected[batch][i];
                signals[first + i / classes] += logit * logit;
                noises[first + i / classes] += (logit - found[batch][i]) * (logit - found[batch][i]);
            }
            first += size;
        }
        return new Fidelity(signals, noises);
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
