package dev.glint.exporter.job;

import dev.glint.exporter.verify.Agreement;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.quantize.Decisions.CorrectionTrial;
import dev.glint.onnx.quantize.Quantizer;
import dev.glint.onnx.quantize.QuantizerOptions;
import dev.glint.onnx.quantize.calibrate.CalibrationPictures;
import dev.glint.onnx.quantize.calibrate.CalibrationRun;
import dev.glint.onnx.quantize.calibrate.Calibrator;
import dev.glint.onnx.quantize.calibrate.KeptPixels;
import dev.glint.onnx.quantize.calibrate.Measurement;
import dev.glint.onnx.quantize.calibrate.StatisticsCache;
import dev.glint.onnx.quantize.check.Fidelity;
import dev.glint.onnx.quantize.check.HeldOutLogits;
import dev.glint.onnx.quantize.correct.Correction;
import dev.glint.onnx.quantize.correct.Corrections;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.onnx.quantize.write.QuantizationDraft;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * What each calibrator gives, without corrections, with each of them alone, whether it would be kept or not, and with all
 * that are kept, as a Markdown table. {@code exporter/benchmarks/calibration} runs it.
 */
@Command(name = "calibration", mixinStandardHelpOptions = true, sortOptions = false)
public final class CalibrationBenchmark implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "model folder with fp32.onnx")
    private Path folder = Path.of("");

    @Option(names = "--calibration", paramLabel = "DIR|RUN", required = true, description = "what ranges come from")
    private Path calibration = Path.of("");

    @Option(names = "--data", paramLabel = "DIR|RUN", required = true, description = "what accuracy is measured with")
    private Path data = Path.of("");

    @Option(names = "--samples", defaultValue = "500", description = "calibration pictures, default ${DEFAULT-VALUE}")
    private int samples;

    @Option(names = "--seed", defaultValue = "1", description = "chooses them, default ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--pictures", description = "how many pictures are judged at most, chosen at random; default all")
    private int pictures = Integer.MAX_VALUE;

    @Option(names = "--calibrators", split = ",", description = "their names; default all")
    private List<String> calibrators =
            Calibrator.candidates().stream().map(Calibrator::name).toList();

    @Option(names = "--corrections", split = ",", description = "those tried alone; default all")
    private List<String> corrections =
            Corrections.known().stream().map(Correction::name).toList();

    @Option(names = "--together", split = ",", description = "those tried one upon the other; 'none' for none")
    private List<String> together =
            Corrections.thorough().stream().map(Correction::name).toList();

    @Option(names = "--variant", defaultValue = "int8", description = "default ${DEFAULT-VALUE}")
    private String variant = "";

    @Option(names = "--head", defaultValue = "float", description = "default ${DEFAULT-VALUE}")
    private Head head = Head.FLOAT;

    private CalibrationBenchmark() {}

    /** Prints the table. */
    public static void main(String... arguments) {
        int code = new CommandLine(new CalibrationBenchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
        System.exit(code);
    }

    /**
     * A line of the table, and its model.
     *
     * @param heldOut how near its logits are on held-out pictures
     */
    private record Cell(String calibrator, String corrections, String kept, Fidelity heldOut, Path file) {}

    /** How a model did. */
    private record Score(int correct, int agreeing, double decibels) {}

    @Override
    public Integer call() throws IOException {
        FloatModel source = FloatModel.open(folder);
        TestSet test = PictureSources.labelled(data, source.contract());
        Path work = Files.createTempDirectory("glint-calibration");
        try {
            List<Cell> cells = cells(source, work);
            print(source, test, cells);
            return 0;
        } finally {
            try (var files = Files.walk(work)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private List<Cell> cells(FloatModel source, Path work) throws IOException {
        CalibrationPictures chosen = PictureSources.calibration(calibration, source.contract(), samples, seed);
        KeptPixels pixels = chosen.pixels(new Preprocessor(source.contract()));
        Measurement run = new CalibrationRun(chosen.tensors(pixels), done -> {});
        HeldOutLogits judge = new HeldOutLogits(source.model(), chosen.heldOutTensors(pixels));
        Quantizer quantizer = new Quantizer(source.model(), run, Optional.of(judge));
        QuantizerOptions options =
                QuantizerOptions.minmax(Profile.named(variant, head).orElseThrow());
        List<Cell> cells = new ArrayList<>();
        for (String name : calibrators) {
            Calibrator calibrator = Calibrator.named(name).orElseThrow();
            QuantizerOptions calibrated = options.withCalibrators(List.of(calibrator));
            Quantizer.Result plain = quantizer.quantize(calibrated);
            Fidelity before = judge.fidelity(plain.model());
            cells.add(cell(name, "none", "", before, plain.model(), work));
            for (String correction : corrections) {
                OnnxModel model = forced(plain.draft(), named(correction), calibrator, run);
                Fidelity after = judge.fidelity(model);
                cells.add(cell(name, correction, after.isClearlyAbove(before) ? "yes" : "no", after, model, work));
                System.err.println(name + ", " + correction);
            }
            if (!together.equals(List.of("none"))) {
                Quantizer.Result all = quantizer.quantize(calibrated.withCorrections(
                        together.stream().map(CalibrationBenchmark::named).toList()));
                List<String> kept = all.decisions().corrections().stream()
                        .filter(CorrectionTrial::kept)
                        .map(CorrectionTrial::correction)
                        .toList();
                Fidelity after = judge.fidelity(all.model());
                cells.add(cell(name, "all", String.join(", ", kept), after, all.model(), work));
                System.err.println(name + ", all");
            }
        }
        return cells;
    }

    /** The correction, whatever becomes of the held-out signal to noise. */
    private static OnnxModel forced(
            QuantizationDraft draft, Correction correction, Calibrator calibrator, Measurement run) {
        QuantizationDraft corrected = correction.correct(draft, run);
        if (!correction.changesActivations()) {
            return corrected.write();
        }
        Map<String, Range> ranges = new LinkedHashMap<>();
        new StatisticsCache(corrected.floats(), run)
                .statistics(draft.plan().calibrated())
                .forEach((value, seen) -> ranges.put(
                        value, calibrator.range(seen, draft.plan().profile().activations())));
        return corrected.withRanges(ranges).write();
    }

    private static Correction named(String name) {
        return Corrections.named(name).orElseThrow(() -> new IllegalArgumentException(name));
    }

    private static Cell cell(
            String calibrator, String corrections, String kept, Fidelity heldOut, OnnxModel model, Path work)
            throws IOException {
        Path file = Files.createTempFile(work, "cell", ".onnx");
        Files.write(file, OnnxWriter.write(model));
        return new Cell(calibrator, corrections, kept, heldOut, file);
    }

    private void print(FloatModel source, TestSet test, List<Cell> cells) {
        int count = Math.min(pictures, test.pictures().size());
        List<Path> files = new ArrayList<>(List.of(source.file()));
        cells.forEach(cell -> files.add(cell.file()));
        List<Score> scores = scores(files, test, count);
        Cell auto = cells.get(0);
        for (Cell cell : cells) {
            boolean better = cell.heldOut().isClearlyAbove(auto.heldOut());
            auto = cell.corrections().equals("none") && better ? cell : auto;
        }
        PrintWriter out = new PrintWriter(System.out, true);
        out.println("| calibrator | corrections | kept | accuracy | drop | as fp32 | held-out dB | judged dB |");
        out.println("|---|---|---|---|---|---|---|---|");
        double reference = 100.0 * scores.get(0).correct() / count;
        out.printf(Locale.ROOT, "| fp32 | | | %.2f %% | | | | |%n", reference);
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            Score score = scores.get(i + 1);
            double accuracy = 100.0 * score.correct() / count;
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.2f %% | %.2f | %.2f %% | %.2f | %.2f |%n",
                    cell.calibrator() + (cell.calibrator().equals(auto.calibrator()) ? " (auto)" : ""),
                    cell.corrections(),
                    cell.kept(),
                    accuracy,
                    reference - accuracy,
                    100.0 * score.agreeing() / count,
                    cell.heldOut().decibels(),
                    score.decibels());
        }
        out.printf("%nJudged by %d pictures of %s.%n", count, test.name());
    }

    /** How each model does, the first being what the others are held against; all see a picture that was decoded once. */
    private static List<Score> scores(List<Path> files, TestSet test, int count) {
        List<Model> models = new ArrayList<>();
        try {
            files.forEach(file -> models.add(Model.open(file)));
            Tally total = new Tally(files.size());
            int[] chosen = AgreementCheck.chosen(test.pictures().size(), count);
            AtomicInteger next = new AtomicInteger();
            int workers = Runtime.getRuntime().availableProcessors();
            IntStream.range(0, workers).parallel().forEach(worker -> {
                Tally tally = new Tally(files.size());
                List<Classifier> classifiers =
                        models.stream().map(Model::newClassifier).toList();
                int turn;
                while ((turn = next.getAndIncrement()) < count) {
                    int index = chosen[turn];
                    Image image = test.pictures()
                            .picture(index, models.get(0).contract().decodeOptions());
                    float[] expected = classifiers.get(0).logits(image);
                    int label = models.get(0).contract().labels().indexOf(test.label(index));
                    for (int m = 0; m < files.size(); m++) {
                        tally.add(
                                m,
                                label,
                                expected,
                                m == 0 ? expected : classifiers.get(m).logits(image));
                    }
                }
                classifiers.forEach(Classifier::close);
                total.add(tally);
            });
            return total.scores();
        } finally {
            models.forEach(Model::close);
        }
    }

    /** What is counted of each model. */
    private static final class Tally {
        private final int[] correct;
        private final int[] agreeing;
        private final double[] signal;
        private final double[] noise;

        Tally(int models) {
            this.correct = new int[models];
            this.agreeing = new int[models];
            this.signal = new double[models];
            this.noise = new double[models];
        }

        void add(int model, int label, float[] expected, float... actual) {
            correct[model] += largest(actual) == label ? 1 : 0;
            agreeing[model] += largest(actual) == largest(expected) ? 1 : 0;
            for (int c = 0; c < expected.length; c++) {
                signal[model] += (double) expected[c] * expected[c];
                noise[model] += Math.pow((double) expected[c] - actual[c], 2);
            }
        }

        synchronized void add(Tally other) {
            for (int m = 0; m < correct.length; m++) {
                correct[m] += other.correct[m];
                agreeing[m] += other.agreeing[m];
                signal[m] += other.signal[m];
                noise[m] += other.noise[m];
            }
        }

        List<Score> scores() {
            return IntStream.range(0, correct.length)
                    .mapToObj(m -> new Score(
                            correct[m], agreeing[m], Agreement.bounded(10 * Math.log10(signal[m] / noise[m]))))
                    .toList();
        }

        private static int largest(float... logits) {
            int largest = 0;
            for (int c = 1; c < logits.length; c++) {
                largest = logits[c] > logits[largest] ? c : largest;
            }
            return largest;
        }
    }
}
