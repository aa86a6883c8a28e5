package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Shows pictures in batches, prepared in parallel, in one buffer whatever their number. */
public final class TensorBatches {
    private static final int VALUES_PER_BATCH = 1 << 16;
    private static final int MIN_BATCH = 4;
    private static final int MAX_BATCH = 32;

    private TensorBatches() {}

    /** Is shown batches. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * A batch.
         *
         * @param tensor direct, overwritten afterwards
         * @param shape N, C, H, W
         */
        void visit(FloatBuffer tensor, long... shape);
    }

    /**
     * Shows all pictures of a source, in their order.
     *
     * @param model who will see them, perhaps one by one only
     */
    public static void visit(OnnxModel model, TensorSource source, Visitor visitor) {
        long[] picture = source.shape();
        int size = Math.toIntExact(picture[0] * picture[1] * picture[2]);
        int batch = takesOne(model) ? 1 : Math.max(MIN_BATCH, Math.min(MAX_BATCH, VALUES_PER_BATCH / size));
        FloatBuffer tensor = ByteBuffer.allocateDirect(batch * size * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int from = 0; from < source.size(); from += batch) {
            int first = from;
            int count = Math.min(batch, source.size() - from);
            IntStream.range(0, count)
                    .parallel()
                    .forEach(i -> source.put(first + i, tensor.duplicate().position(i * size)));
            visitor.visit(tensor.duplicate().limit(count * size), count, picture[0], picture[1], picture[2]);
        }
    }

    private static boolean takesOne(OnnxModel model) {
        List<Dimension> shape = model.graph().inputs().get(0).shape();
        return shape != null && shape.get(0).equals(new Dimension.Fixed(1));
    }
}
