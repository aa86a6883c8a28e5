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
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Records what pictures are like for a model, as the baseline that a device holds its own pictures against. */
public final class DriftRecording {
    private static final int MAX_PICTURES = 500;

    /** How many pictures are decoded at a time. */
    private static final int PARALLEL = 16;

    private DriftRecording() {}

    /**
     * The same model with a baseline in its metadata, in the place of the one that it had.
     *
     * @param size how many pictures there are, at least one; of more than {@value #MAX_PICTURES} so many are taken, spread
     *     evenly
     * @param pictures gives each of them, from 0 to {@code size - 1}, to any thread; best such as the model was not fitted to, of which it
     *     would be too certain
     */
    public static OnnxModel into(OnnxModel model, PreprocessContract contract, int size, IntFunction<Image> pictures) {
        Preprocessor preprocessor = new Preprocessor(contract);
        DriftMonitor monitor = new DriftMonitor(contract);
        long[] shape = {1, contract.channels(), contract.height(), contract.width()};
        FloatBuffer tensor = ByteBuffer.allocateDirect(contract.tensorSize() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        int count = Math.min(MAX_PICTURES, size);
        try (OnnxSession session = OnnxSession.open(model, Runtime.getRuntime().availableProcessors())) {
            for (int from = 0; from < count; from += PARALLEL) {
                for (Image pixels : pixels(preprocessor, pictures, size, count, from)) {
                    preprocessor.toTensor(pixels, tensor.clear());
                    float[] logits = session.run(tensor.flip(), shape)
                            .values()
                            .iterator()
                            .next();
                    monitor.observe(logits, pixels);
                }
            }
        }
        return model.withMetadata(DriftProfile.METADATA_KEY, monitor.profile().toJson());
    }

    private static List<Image> pixels(
            Preprocessor preprocessor, IntFunction<Image> pictures, int size, int count, int from) {
        return IntStream.range(from, Math.min(from + PARALLEL, count))
                .parallel()
                .mapToObj(i -> preprocessor.toPixels(pictures.apply((int) ((long) i * size / count))))
                .toList();
    }
}
