package dev.glint.trainer.benchmark;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import com.sun.management.OperatingSystemMXBean;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.data.DataSplit;
import dev.glint.trainer.engine.TorchEngine;
import dev.glint.trainer.fit.Fitter;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.model.NaturalInput;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.weights.block.BlockWeights;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The time of a SmallVGG step with 128 pictures of 32x32 in milliseconds, median by the clock and mean of all cores together:
 * of Glint's fit with everything it does, or of the same step as TorchScript on the same libtorch. {@code trainer/benchmarks/step.sh} runs it.
 */
public final class StepBenchmark {
    private static final int WARMUP = 5;
    private static final int STEPS = 20;
    private static final int BATCH = 128;
    private static final int CLASSES = 10;
    private static final Shape INPUT = new Shape(BATCH, 3, 32, 32);

    private StepBenchmark() {}

    /**
     * Prints both times.
     *
     * @param args threads; then the file of a TorchScript step that {@code step.py} wrote, or nothing
     */
    public static void main(String... args) throws IOException, MalformedModelException {
        try (NDManager manager = TorchEngine.newManager(Integer.parseInt(args[0]))) {
            Clock clock = new Clock();
            if (args.length > 1) {
                runScript(Path.of(args[1]).toAbsolutePath(), manager, clock);
            } else {
                fit(manager, clock);
            }
            System.out.printf(Locale.ROOT, "%.1f %.1f%n", clock.median(), clock.coreTime());
        }
    }

    private static void fit(NDManager manager, IntConsumer progress) {
        List<String> labels =
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        PictureSet pictures = new Noise((WARMUP + STEPS) * BATCH);
        DataSplit data = new DataSplit(labels, pictures, pictures.first(1));
        Block block = Architecture.SMALL_VGG.build(CLASSES);
        BlockWeights.initialize(block, manager, INPUT, BlockWeights.drawn(new Random(1)));
        Preprocessor preprocessor = new Preprocessor(NaturalInput.CIFAR.contract(labels));
        new Fitter(block, data, preprocessor, Preset.COURSE.recipe(Architecture.SMALL_VGG), 1, manager).epoch(progress);
    }

    /** One call per step: no Java between its operators. */
    @SuppressWarnings("try")
    private static void runScript(Path file, NDManager manager, IntConsumer progress)
            throws IOException, MalformedModelException {
        Random random = new Random(1);
        float[] pixels = new float[(int) INPUT.size()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        NDArray pictures = manager.create(pixels, INPUT);
        NDArray classes = manager.create(random.longs(BATCH, 0, CLASSES).toArray());
        ParameterStore parameters = new ParameterStore(manager, false);
        try (Model model = Model.newInstance("step", manager.getDevice(), "PyTorch")) {
            model.load(file.getParent(), file.getFileName().toString());
            for (int step = 1; step <= WARMUP + STEPS; step++) {
                try (GradientCollector gradients = Engine.getInstance().newGradientCollector();
                        NDList loss = model.getBlock().forward(parameters, new NDList(pictures, classes), true)) {
                    loss.singletonOrThrow().getFloat();
                }
                progress.accept(step);
            }
        }
    }

    /** Times steps in milliseconds, from the end of one to the end of the next, without the first ones. */
    private static final class Clock implements IntConsumer {
        private final OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        private final double[] times = new double[STEPS];
        private long last;
        private long warm;
        private long end;

        @Override
        public void accept(int step) {
            long now = System.nanoTime();
            if (step > WARMUP) {
                times[step - WARMUP - 1] = (now - last) / 1e6;
                end = process.getProcessCpuTime();
            } else {
                warm = process.getProcessCpuTime();
            }
            last = now;
        }

        double coreTime() {
            return (end - warm) / 1e6 / STEPS;
        }

        double median() {
            double[] sorted = times.clone();
            Arrays.sort(sorted);
            return sorted[STEPS / 2];
        }
    }

    /** The same noise again and again. */
    private record Noise(int size) implements PictureSet {
        private static final byte[] SAMPLES = new byte[3 * 32 * 32];

        static {
            new Random(1).nextBytes(SAMPLES);
        }

        @Override
        public Image picture(int index) {
            return new Image(32, 32, Image.Mode.RGB, SAMPLES);
        }

        @Override
        public int label(int index) {
            return index % CLASSES;
        }
    }
}
