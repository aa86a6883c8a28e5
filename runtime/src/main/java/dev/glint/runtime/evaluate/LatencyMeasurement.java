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
 * @param runs counted runs of each classifier, at least 1
 * @param limitNanos how long the counted runs of all together may take, and the others as well; a round that has begun is
 *     finished, so that there is always one
 */
public record LatencyMeasurement(int warmup, int runs, long limitNanos) {
    /** Runs in a row: enough for warm caches, short beside the disturbances of a busy machine. */
    private static final int BLOCK = 10;

    /**
     * What a process pays once for a model.
     *
     * @param sessionCreationNanos from the file to a classifier that is ready, what the engines share excluded
     * @param firstInferenceNanos the first inference
     */
    public record ColdStart(long sessionCreationNanos, long firstInferenceNanos) {}

    public LatencyMeasurement {
        if (warmup < 0 || runs < 1) {
            throw new IllegalArgumentException(warmup + " warm-up runs, " + runs + " runs");
        }
    }

    /** A measurement that takes as long as its runs do. */
    public LatencyMeasurement(int warmup, int runs) {
        this(warmup, runs, Long.MAX_VALUE);
    }

    /** 20 runs to warm up, 200 counted; fewer for a model that is so slow that a few say as much. */
    public static LatencyMeasurement defaults() {
        return new LatencyMeasurement(20, 200, 2_000_000_000L);
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
     * @return one latency per classifier, in their order, all of as many runs
     */
    public List<Latency> measure(List<Classifier> classifiers, Image picture, Runnable afterRun) {
        List<Buffer> tensors =
                classifiers.stream().map(c -> tensor(c.contract(), picture)).toList();
        long[][] nanos = new long[classifiers.size()][runs];
        inTurns(warmup, nanos.length, (c, run) -> {
            classifiers.get(c).logits(tensors.get(c));
            afterRun.run();
        });
        int measured = inTurns(runs, nanos.length, (c, run) -> {
            nanos[c][run] = inference(classifiers.get(c), tensors.get(c));
            afterRun.run();
        });
        List<Latency> latencies = new ArrayList<>();
        for (long[] ofOne : nanos) {
            latencies.add(Latency.fromNanos(Arrays.copyOf(ofOne, measured)));
        }
        return latencies;
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

    private interface Turn {
        void run(int classifier, int run);
    }

    /** Returns how many runs each classifier had within the limit. */
    private int inTurns(int wanted, int classifiers, Turn turn) {
        long start = System.nanoTime();
        int done = 0;
        for (int round = 0; done < wanted && (done == 0 || System.nanoTime() - start < limitNanos); round++) {
            int from = done;
            int to = Math.min(from + BLOCK, wanted);
            for (int i = 0; i < classifiers; i++) {
                int classifier = round % 2 == 0 ? i : classifiers - 1 - i;
                for (int run = from; run < to; run++) {
                    turn.run(classifier, run);
                }
            }
            done = to;
        }
        return done;
    }
}
