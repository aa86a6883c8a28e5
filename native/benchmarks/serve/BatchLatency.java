import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.engine.Binding;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.onnx.OnnxLimits;
import java.nio.Buffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Whether a batch is faster per picture than its pictures one by one, on one thread with ONNX Runtime: what classify serve would
 * gain if it put waiting pictures together. Batches in turns, medians. After ./mvnw -DskipTests package:
 *
 * <pre>
 * java -Donnxruntime.native.path=native/target/dist/lib -cp native/target/classes:$(cat native/target/classpath) \
 *     native/benchmarks/serve/BatchLatency.java MODEL.onnx...
 * </pre>
 */
public final class BatchLatency {
    private static final int[] BATCHES = {1, 2, 4, 8};
    private static final int PICTURES = 8;
    private static final int ROUNDS = 60;
    private static final int WARM_UP = 5;

    private BatchLatency() {}

    public static void main(String[] models) {
        for (String model : models) {
            Path file = Path.of(model);
            OnnxFile onnx = OnnxFile.read(file, OnnxLimits.defaults());
            PreprocessContract contract =
                    PreprocessContract.fromMetadata(key -> onnx.metadata(key).orElse(null));
            Signature signature = Signature.check(onnx.graph(), contract);
            System.out.println(model + (signature.anyBatch() ? "" : ": one picture at a time only"));
            if (signature.anyBatch()) {
                try (Session session =
                        new OnnxRuntimeEngine().open(file, onnx, signature, new EngineOptions(1, true))) {
                    measure(session);
                }
            }
        }
    }

    private static void measure(Session session) {
        List<Binding> bindings = new ArrayList<>();
        for (int batch : BATCHES) {
            Binding binding = session.bind(batch);
            fill(binding.input());
            bindings.add(binding);
        }
        double[][] millis = new double[BATCHES.length][ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (int i = 0; i < BATCHES.length; i++) {
                long start = System.nanoTime();
                for (int picture = 0; picture < PICTURES; picture += BATCHES[i]) {
                    bindings.get(i).run();
                }
                if (round >= 0) {
                    millis[i][round] = (System.nanoTime() - start) / 1e6 / PICTURES;
                }
            }
        }
        bindings.forEach(Binding::close);
        for (int i = 0; i < BATCHES.length; i++) {
            Arrays.sort(millis[i]);
            double median = millis[i][ROUNDS / 2];
            System.out.printf(
                    Locale.ROOT,
                    "  batch of %d: %.3f ms for a picture, %.2f times as fast%n",
                    BATCHES[i],
                    median,
                    millis[0][ROUNDS / 2] / median);
        }
    }

    private static void fill(Buffer input) {
        Random random = new Random(1);
        FloatBuffer values = (FloatBuffer) input;
        while (values.hasRemaining()) {
            values.put((float) random.nextGaussian());
        }
    }
}
