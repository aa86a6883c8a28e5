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
    /** A batch keeps all processors busy; a larger one would only need more memory. */
    private static final int VALUES_PER_BATCH = 1 << 16;

    private static final int MAX_BATCH = 32;

    /** How many pictures at least are prepared at a time. */
    private static final int PARALLEL = 8;

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
        int size = elements(source);
        int batch = size(model, source);
        int prepared = Math.max(batch, PARALLEL);
        FloatBuffer tensors = ByteBuffer.allocateDirect(prepared * size * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int from = 0; from < source.size(); from += prepared) {
            int first = from;
            int available = Math.min(prepared, source.size() - from);
            IntStream.range(0, available)
                    .parallel()
                    .forEach(i -> source.put(first + i, tensors.duplicate().position(i * size)));
            for (int next = 0; next < available; next += batch) {
                int count = Math.min(batch, available - next);
                FloatBuffer tensor = tensors.slice(next * size, count * size);
                visitor.visit(tensor, count, picture[0], picture[1], picture[2]);
            }
        }
    }

    /** How many pictures a batch has. */
    static int size(OnnxModel model, TensorSource source) {
        return takesOne(model) ? 1 : Math.max(1, Math.min(MAX_BATCH, VALUES_PER_BATCH / elements(source)));
    }

    /** How many elements a picture has. */
    static int elements(TensorSource source) {
        long[] picture = source.shape();
        return Math.toIntExact(picture[0] * picture[1] * picture[2]);
    }

    private static boolean takesOne(OnnxModel model) {
        List<Dimension> shape = model.graph().inputs().get(0).shape();
        return shape != null && shape.get(0).equals(new Dimension.Fixed(1));
    }
}
