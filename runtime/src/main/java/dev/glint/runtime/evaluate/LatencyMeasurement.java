package dev.glint.runtime.evaluate;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.nio.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Measures how long models take from the preprocessed tensor to the logits. Decoding and preprocessing are not in the
 * figures: they are the same for all variants of a model.
 *
 * <p>Several classifiers take turns in short blocks, each second round in reverse order, so that whatever else the
 * machine does hits all of them alike and their ratios hold on a busy machine too.
 *
 * @param warmup runs of each classifier that are not counted, at least 0
 * @param runs counted runs of each classifier at most, at least 1
 * @param limitNanos how long the counted runs of each classifier may take; one that has begun is finished, so that there is
 *     always one. A quarter of it is for those that are not counted.
 * @param precision by what share of it each median may be off, with a confidence of 95 %, for the measurement to end before
 *     all runs are done; 0 to do them all
 */
public record LatencyMeasurement(int warmup, int runs, long limitNanos, double precision) {
    /** Runs in a row: enough for warm caches, short beside the disturbances of a busy machine. */
    private static final int BLOCK = 10;

    /** No more runs in a row when they took so long. */
    private static final long BLOCK_NANOS = 100_000_000L;

    private static final int WARMUP_PART = 4;

    /** Before this part of the limit is over, nothing that disturbs now and then has shown. */
    private static final int LEAST_PART = 5;

    /** Of fewer runs nothing is said. */
    private static final int LEAST_RUNS = 16;

    /**
     * What a process pays once for a model.
     *
     * @param sessionCreationNanos from the file to a classifier that is ready, what the engines share excluded
     * @param firstInferenceNanos the first inference
     */
    public record ColdStart(long sessionCreationNanos, long firstInferenceNanos) {}

    public LatencyMeasurement {
        if (warmup < 0 || runs < 1 || !(precision >= 0)) {
            throw new IllegalArgumentException(warmup + " warm-up runs, " + runs + " runs to " + precision);
        }
    }

    /** A measurement that takes as long as its runs do. */
    public LatencyMeasurement(int warmup, int runs) {
        this(warmup, runs, Long.MAX_VALUE, 0);
    }

    /**
     * 20 runs to warm up, 200 counted: fewer when all medians are known to 2 % with a confidence of 95 %, and no more than
     * last a second for each classifier.
     */
    public static LatencyMeasurement defaults() {
        return new LatencyMeasurement(20, 200, 1_000_000_000L, 0.02);
    }

    /** Measures classifiers against each other, without progress; see the other method of this name. */
    public List<Latency> measure(List<Classifier> classifiers, Image picture) {
        return measure(classifiers, picture, () -> {});
    }

    /**
     * Measures classifiers against each other.
     *
     * @param classifiers at least one, open
     * @param picture what each of them preprocesses through its own contract, once
     * @param afterRun called after each run, warm-up included, off the clock: at most {@code (warmup + runs) *
     *     classifiers.size()} times
     * @return one latency per classifier, in their order
     */
    public List<Latency> measure(List<Classifier> classifiers, Image picture, Runnable afterRun) {
        List<Buffer> tensors =
                classifiers.stream().map(c -> tensor(c.contract(), picture)).toList();
        List<Series> uncounted = new ArrayList<>();
        List<Series> counted = new ArrayList<>();
        for (int c = 0; c < tensors.size(); c++) {
            uncounted.add(new Series(classifiers.get(c), tensors.get(c), warmup, limitNanos / WARMUP_PART, afterRun));
            counted.add(new Series(classifiers.get(c), tensors.get(c), runs, limitNanos, afterRun));
        }
        inTurns(uncounted, 0);
        inTurns(counted, precision);
        return counted.stream().map(Series::latency).toList();
    }

    /** Runs of one classifier. */
    private static final class Series {
        private final Classifier classifier;
        private final Buffer tensor;
        private final long[] nanos;
        private final long limit;
        private final Runnable afterRun;
        private int done;
        private long spent;

        Series(Classifier classifier, Buffer tensor, int wanted, long limit, Runnable afterRun) {
            this.classifier = classifier;
            this.tensor = tensor;
            this.nanos = new long[wanted];
            this.limit = limit;
            this.afterRun = afterRun;
        }

        boolean isExhausted() {
            return done == nanos.length || done > 0 && spent >= limit;
        }

        boolean isPrecise(double precision) {
            return precision > 0
                    && done >= LEAST_RUNS
                    && spent >= limit / LEAST_PART
                    && Latency.medianError(Arrays.copyOf(nanos, done)) <= precision;
        }

        void block() {
            long before = spent;
            for (int run = 0; run < BLOCK && spent - before < BLOCK_NANOS && !isExhausted(); run++) {
                nanos[done] = inference(classifier, tensor);
                spent += nanos[done++];
                afterRun.run();
            }
        }

        Latency latency() {
            return Latency.fromNanos(Arrays.copyOf(nanos, done));
        }
    }

    /**
     * Opens a model and runs it once. In a fresh process this is what its user waits for.
     *
     * @param model an ONNX file or a model folder
     * @param picture gives the picture that suits the model's contract; not counted
     * @throws GlintException as {@link Classifier#open(Path, Model.Options)}
     */
    public static ColdStart coldStart(Path model, Model.Options options, Function<PreprocessContract, Image> picture) {
        options.engines().forEach(Engine::start);
        long start = System.nanoTime();
        try (Classifier classifier = Classifier.open(model, options)) {
            long created = System.nanoTime();
            Buffer tensor = tensor(classifier.contract(), picture.apply(classifier.contract()));
            return new ColdStart(created - start, inference(classifier, tensor));
        }
    }

    private static long inference(Classifier classifier, Buffer tensor) {
        long start = System.nanoTime();
        classifier.logits(tensor);
        return System.nanoTime() - start;
    }

    private static Buffer tensor(PreprocessContract contract, Image picture) {
        Preprocessor preprocessor = new Preprocessor(contract);
        Buffer tensor = preprocessor.allocateTensor(1);
        preprocessor.preprocess(picture, tensor);
        return tensor.flip();
    }

    /** Those that are precise go on beside those that are not: what is compared was measured at the same time. */
    private static void inTurns(List<Series> all, double precision) {
        for (int round = 0; !all.stream().allMatch(one -> one.isExhausted() || one.isPrecise(precision)); round++) {
            for (int i = 0; i < all.size(); i++) {
                all.get(round % 2 == 0 ? i : all.size() - 1 - i).block();
            }
        }
    }
}
