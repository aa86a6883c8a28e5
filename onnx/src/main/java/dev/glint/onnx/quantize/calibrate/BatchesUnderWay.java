package dev.glint.onnx.quantize.calibrate;

import dev.glint.onnx.inference.OnnxSession;
import dev.glint.onnx.inference.OnnxSession.Outputs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Shows pictures to a session in batches, two of which are under way at a time: while what came of one is looked at, the
 * next one is decoded and computed. They are looked at one after the other, in their order, whichever was ready first.
 */
final class BatchesUnderWay {
    /** What two batches give is in memory at a time, however many processors there are. */
    private static final int LANES = 2;

    private final OnnxSession session;
    private final TensorSource pictures;
    private final int batch;
    private final List<FloatBuffer> tensors = new ArrayList<>();

    /**
     * Batches of a source.
     *
     * @param session opened with {@link #threadsPerOperator()}
     * @param batch how many pictures the session takes at a time
     */
    BatchesUnderWay(OnnxSession session, TensorSource pictures, int batch) {
        this.session = session;
        this.pictures = pictures;
        this.batch = batch;
        for (int lane = 0; lane < LANES; lane++) {
            tensors.add(ByteBuffer.allocateDirect(batch * TensorBatches.elements(pictures) * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer());
        }
    }

    /** How many threads of a session keep all processors busy. */
    static int threadsPerOperator() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / LANES);
    }

    /** Is shown batches. */
    @FunctionalInterface
    interface Visitor {
        /**
         * A batch.
         *
         * @param tensor what the session took, overwritten afterwards
         * @param outputs what it gave, closed afterwards
         * @param shape of the tensor: N, C, H, W
         */
        void visit(FloatBuffer tensor, Outputs outputs, long... shape);
    }

    private record Batch(FloatBuffer tensor, Outputs outputs, long[] shape) {}

    /** Shows all pictures. */
    void visit(Visitor visitor) {
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        Deque<CompletableFuture<Batch>> underWay = new ArrayDeque<>();
        try {
            int next = 0;
            while (next < pictures.size() || !underWay.isEmpty()) {
                while (next < pictures.size() && underWay.size() < LANES) {
                    int first = next;
                    underWay.add(CompletableFuture.supplyAsync(() -> run(first), threads));
                    next += batch;
                }
                Batch done = result(underWay.remove());
                try (Outputs outputs = done.outputs()) {
                    visitor.visit(done.tensor(), outputs, done.shape());
                }
            }
        } finally {
            threads.shutdown();
            underWay.forEach(BatchesUnderWay::letGo);
        }
    }

    private Batch run(int first) {
        long[] picture = pictures.shape();
        int count = Math.min(batch, pictures.size() - first);
        int size = TensorBatches.elements(pictures);
        // The batch that had this tensor before was looked at.
        FloatBuffer tensor = tensors.get(first / batch % LANES).slice(0, count * size);
        for (int i = 0; i < count; i++) {
            pictures.put(first + i, tensor.duplicate().position(i * size));
        }
        long[] shape = {count, picture[0], picture[1], picture[2]};
        return new Batch(tensor, session.outputs(tensor, shape), shape);
    }

    private static Batch result(CompletableFuture<Batch> batch) {
        try {
            return batch.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }

    /** Something has failed: nobody looks at this one any more, but the session must not be closed under it. */
    private static void letGo(CompletableFuture<Batch> batch) {
        batch.handle((done, failure) -> done)
                .thenAccept(done -> {
                    if (done != null) {
                        done.outputs().close();
                    }
                })
                .join();
    }
}
