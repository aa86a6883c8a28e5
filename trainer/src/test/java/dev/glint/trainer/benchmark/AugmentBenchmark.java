package dev.glint.trainer.benchmark;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.Batch;
import dev.glint.trainer.data.BatchPool;
import dev.glint.trainer.data.BatchStream;
import dev.glint.trainer.model.NaturalInput;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * 32x32 RGB pictures from bytes to batches of normalized floats, pictures per second. One thread prepares them, the other
 * only waits, so this is the figure of one core.
 *
 * <pre>{@code
 * ./mvnw -q -pl trainer -am test-compile dependency:build-classpath -Dmdep.outputFile=target/benchmark.classpath
 * java -cp trainer/target/test-classes:trainer/target/classes:$(cat trainer/target/benchmark.classpath) \
 *     org.openjdk.jmh.Main AugmentBenchmark
 * }</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class AugmentBenchmark {
    private static final int PICTURES = 10_240;
    private static final int DISTINCT = 64;

    /** What happens to the pictures. */
    @Param({"none", "crop-flip", "crop-flip,jitter", "crop,alternating-flip,erase", "rotate", "crop-flip,cutmix"})
    private String augment = "";

    private int epoch;

    private final Preprocessor preprocessor = new Preprocessor(NaturalInput.CIFAR.contract(List.of("a", "b")));
    private final PictureSet pictures = new PictureSet() {
        private final byte[] noise =
                SyntheticPictures.noise(32, 32 * DISTINCT, Image.Mode.RGB).samples();

        @Override
        public int size() {
            return PICTURES;
        }

        @Override
        public Image picture(int index) {
            int start = index % DISTINCT * 3072;
            return new Image(32, 32, Image.Mode.RGB, java.util.Arrays.copyOfRange(noise, start, start + 3072));
        }

        @Override
        public int label(int index) {
            return index & 1;
        }
    };

    /** An epoch in batches of 128. */
    @Benchmark
    @OperationsPerInvocation(PICTURES)
    public int epoch() {
        int seen = 0;
        try (BatchStream stream = BatchStream.ofEpoch(
                pictures, preprocessor, 128, 1, ++epoch, Augmentations.parse(augment), new BatchPool())) {
            for (Batch batch = stream.next(); batch != null; batch = stream.next()) {
                seen += batch.size();
            }
        }
        return seen;
    }
}
