package dev.glint.exporter.verify;

import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.inference.OnnxSession;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.drift.DriftMonitor;
import dev.glint.runtime.drift.DriftProfile;
import dev.glint.runtime.image.Image;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Records what pictures are like for a model, as the baseline that a device holds its own pictures against. */
public final class DriftRecording {
    private static final int MAX_PICTURES = 500;

    /** 100 pictures of 224 x 224 in colour. */
    private static final int MAX_ELEMENTS = 100 * 3 * 224 * 224;

    private DriftRecording() {}

    /**
     * The same model with a baseline in its metadata, in the place of the one that it had.
     *
     * @param size how many pictures there are, at least one; of more than {@value #MAX_PICTURES}, fewer of large ones, so
     *     many are taken, spread evenly
     * @param pixels gives each of them, from 0 to {@code size - 1}, to any thread, as {@link Preprocessor#toPixels} leaves it; best
     *     such as the model was not fitted to, of which it would be too certain
     */
    public static OnnxModel into(OnnxModel model, PreprocessContract contract, int size, IntFunction<Image> pixels) {
        Preprocessor preprocessor = new Preprocessor(contract);
        DriftMonitor monitor = new DriftMonitor(contract);
        long[] shape = {1, contract.channels(), contract.height(), contract.width()};
        int count = Math.min(size, Math.min(MAX_PICTURES, Math.max(1, MAX_ELEMENTS / contract.tensorSize())));
        int workers = Math.min(Runtime.getRuntime().availableProcessors(), count);
        // It counts, so that nothing depends on the order.
        try (OnnxSession session = OnnxSession.open(model, 1)) {
            IntStream.range(0, workers).parallel().forEach(worker -> {
                FloatBuffer tensor = ByteBuffer.allocateDirect(contract.tensorSize() * Float.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .asFloatBuffer();
                for (int i = worker; i < count; i += workers) {
                    Image seen = pixels.apply((int) ((long) i * size / count));
                    preprocessor.toTensor(seen, tensor.clear());
                    float[] logits = session.run(tensor.flip(), shape)
                            .values()
                            .iterator()
                            .next();
                    monitor.observe(logits, seen);
                }
            });
        }
        return model.withMetadata(DriftProfile.METADATA_KEY, monitor.profile().toJson());
    }
}
