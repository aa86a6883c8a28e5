package dev.glint.exporter.job;

import dev.glint.console.Versions;
import dev.glint.console.machine.Machine;
import dev.glint.console.machine.MachineState;
import dev.glint.exporter.bench.BenchEntry;
import dev.glint.exporter.bench.BenchMachine;
import dev.glint.exporter.bench.MemoryProbe;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Evaluation;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.evaluate.LatencyMeasurement.ColdStart;
import dev.glint.runtime.evaluate.NoisePictures;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Measures the variants of a model on this machine.
 *
 * @param model a model folder, of which every ONNX file is measured, or an ONNX file
 * @param data what accuracy is measured with: a run or a folder per class
 * @param threads for one picture, one measurement of all variants each
 */
public record BenchJob(Path model, Optional<Path> data, List<Integer> threads) {
    /** From one round of the warm-up to the next, no median changes by more than this share when it is over. */
    private static final double STEADY = 0.03;

    private static final int MOST_ROUNDS = 10;

    /** What a row may cost, so that one that is a hundred times slower than the others does not make everybody wait. */
    private static final long ROW_NANOS = 3_000_000_000L;

    private static final LatencyMeasurement ROUND = new LatencyMeasurement(0, 20, ROW_NANOS / MOST_ROUNDS, 0);
    private static final LatencyMeasurement COUNTED = new LatencyMeasurement(0, 200, ROW_NANOS, 0);
    private static final int STARTS = 3;

    /** A start that takes longer is not repeated. */
    private static final long LONG_START_NANOS = 1_000_000_000L;

    /** A variant in an engine that runs it. */
    private record Candidate(Path file, Engine engine, Classifier classifier) {}

    /**
     * Measures.
     *
     * @throws GlintException ({@code MODEL}, {@code INPUT}) if models or pictures cannot be used
     */
    public BenchMachine run(JobListener listener) throws IOException {
        List<Path> files = files();
        Map<Path, Accuracy> accuracies = accuracies(files, listener);
        List<BenchEntry> entries = new ArrayList<>();
        MachineState before = MachineState.now();
        for (int i = 0; i < threads.size(); i++) {
            listener.step("threads", i, threads.size());
            entries.addAll(entries(files, threads.get(i), accuracies));
        }
        return new BenchMachine(name(), notes(before, MachineState.now()), entries);
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(model)) {
            return List.of(model);
        }
        try (Stream<Path> listed = Files.list(model)) {
            List<Path> files = listed.filter(file -> file.toString().endsWith(".onnx"))
                    .sorted(Comparator.comparing((Path file) -> !file.endsWith(ModelFolder.FP32))
                            .thenComparing(Path::toString))
                    .toList();
            return files.isEmpty() ? List.of(ModelFolder.select(model)) : files;
        }
    }

    private Map<Path, Accuracy> accuracies(List<Path> files, JobListener listener) {
        Map<Path, Accuracy> accuracies = new HashMap<>();
        if (data.isEmpty()) {
            return accuracies;
        }
        List<Model> models = new ArrayList<>();
        try {
            files.forEach(file -> models.add(Model.open(file)));
            TestSet test = PictureSources.labelled(data.get(), models.get(0).contract());
            int total = test.pictures().size();
            List<Accuracy> found = Evaluation.accuracies(models, test, done -> listener.step("accuracy", done, total));
            for (int i = 0; i < files.size(); i++) {
                accuracies.put(files.get(i), found.get(i));
            }
            return accuracies;
        } finally {
            models.forEach(Model::close);
        }
    }

    private static List<BenchEntry> entries(List<Path> files, int threads, Map<Path, Accuracy> accuracies)
            throws IOException {
        Model.Options options = Model.Options.defaults().withThreads(threads);
        List<Candidate> candidates = new ArrayList<>();
        try {
            for (Path file : files) {
                open(file, options, candidates);
            }
            List<Classifier> classifiers =
                    candidates.stream().map(Candidate::classifier).toList();
            Image picture = picture(classifiers.get(0).contract());
            warmUp(classifiers, picture);
            List<Latency> latencies = COUNTED.measure(classifiers, picture);
            List<BenchEntry> entries = new ArrayList<>();
            for (int i = 0; i < candidates.size(); i++) {
                Candidate candidate = candidates.get(i);
                ColdStart start = start(candidate, options);
                entries.add(new BenchEntry(
                        candidate.file().getFileName().toString(),
                        candidate.engine().name(),
                        threads,
                        Files.size(candidate.file()),
                        Optional.ofNullable(accuracies.get(candidate.file())),
                        latencies.get(i),
                        start.firstInferenceNanos(),
                        start.sessionCreationNanos(),
                        OptionalLong.empty(),
                        MemoryProbe.measure(candidate.file(), candidate.engine(), threads),
                        energy(candidate.classifier(), picture)));
            }
            return entries;
        } finally {
            candidates.forEach(candidate -> candidate.classifier().close());
        }
    }

    private static void open(Path file, Model.Options options, List<Candidate> candidates) {
        GlintException failure = null;
        int before = candidates.size();
        for (Engine engine : options.engines()) {
            try {
                candidates.add(
                        new Candidate(file, engine, Classifier.open(file, options.withEngines(List.of(engine)))));
            } catch (GlintException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (candidates.size() == before && failure != null) {
            throw failure;
        }
    }

    /** Until a classifier is steady, or has had as long as its counted runs may take. */
    private static void warmUp(List<Classifier> classifiers, Image picture) {
        List<Classifier> warming = classifiers;
        List<Latency> last = ROUND.measure(warming, picture);
        long[] spent = new long[classifiers.size()];
        for (int round = 1; round < MOST_ROUNDS && !warming.isEmpty(); round++) {
            List<Latency> next = ROUND.measure(warming, picture);
            List<Classifier> unsteady = new ArrayList<>();
            List<Latency> kept = new ArrayList<>();
            for (int i = 0; i < next.size(); i++) {
                int row = classifiers.indexOf(warming.get(i));
                spent[row] += next.get(i).runs() * next.get(i).p50Nanos();
                double change = (double) next.get(i).p50Nanos()
                                / Math.max(1, last.get(i).p50Nanos())
                        - 1;
                if (Math.abs(change) > STEADY && spent[row] < ROW_NANOS) {
                    unsteady.add(warming.get(i));
                    kept.add(next.get(i));
                }
            }
            warming = unsteady;
            last = kept;
        }
    }

    /** The median by session creation. */
    private static ColdStart start(Candidate candidate, Model.Options options) {
        Model.Options alone = options.withEngines(List.of(candidate.engine()));
        List<ColdStart> starts = new ArrayList<>();
        boolean quick = true;
        while (starts.size() < STARTS && quick) {
            ColdStart start = LatencyMeasurement.coldStart(candidate.file(), alone, BenchJob::picture);
            quick = start.sessionCreationNanos() + start.firstInferenceNanos() < LONG_START_NANOS;
            starts.add(start);
        }
        starts.sort(Comparator.comparingLong(ColdStart::sessionCreationNanos));
        return starts.get(starts.size() / 2);
    }

    /** Of the processor package, while nothing but this variant runs here. */
    private static OptionalDouble energy(Classifier classifier, Image picture) {
        OptionalLong before = MachineState.now().energyMicrojoules();
        if (before.isEmpty()) {
            return OptionalDouble.empty();
        }
        Latency measured = COUNTED.measure(List.of(classifier), picture).get(0);
        long used = MachineState.now().energyMicrojoules().orElse(0) - before.getAsLong();
        // The counter begins again at zero now and then.
        return used > 0 ? OptionalDouble.of((double) used / measured.runs()) : OptionalDouble.empty();
    }

    private static Image picture(PreprocessContract contract) {
        return new NoisePictures(contract).picture(NoisePictures.COUNT - 1);
    }

    private static String name() {
        Machine machine = Machine.current();
        return machine.board().orElse(machine.processor()) + " (here)";
    }

    private List<String> notes(MachineState before, MachineState after) {
        Machine machine = Machine.current();
        List<String> notes = new ArrayList<>();
        notes.add(machine.processors() + " x " + machine.processor() + ", " + machine.system() + ", Glint "
                + Versions.glint() + " on Java " + System.getProperty("java.version") + ".");
        notes.add(
                "Memory is that of a JVM for one picture, of which the JVM itself takes most; a device needs a part of it.");
        if (before.load().isPresent()) {
            notes.add(String.format(
                    Locale.ROOT,
                    "Load %.1f before, %.1f after%s.",
                    before.load().getAsDouble(),
                    after.load().orElse(0),
                    before.load().getAsDouble() > machine.processors()
                            ? ": the machine was busy, trust the ratios"
                            : ""));
        }
        if (after.isThrottledSince(before)) {
            notes.add("The processor was slowed down for heat or voltage meanwhile.");
        }
        return notes;
    }

    /**
     * Checks what a command line says.
     *
     * @throws GlintException ({@code USAGE}) if it makes no sense
     */
    public BenchJob requireSense() {
        for (int count : threads) {
            if (count < 1 || count > 256) {
                throw GlintException.failure(Reason.USAGE, Integer.toString(count), "1 to 256", "correct the option")
                        .about("--threads");
            }
        }
        return this;
    }
}
