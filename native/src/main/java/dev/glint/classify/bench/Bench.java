package dev.glint.classify.bench;

import dev.glint.classify.bench.BenchReport.Conditions;
import dev.glint.classify.bench.BenchReport.TestSetFacts;
import dev.glint.console.Progress;
import dev.glint.console.Streams;
import dev.glint.console.machine.Machine;
import dev.glint.console.machine.MachineState;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Evaluation;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.evaluate.NoisePictures;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What is measured, and how: each variant in each engine that runs it.
 *
 * @param models ONNX files, or model folders, which stand for all ONNX files in them
 * @param options how the models run, and in which engines
 * @param latency how often
 * @param picture what is classified; noise of the model's size where it is empty
 * @param data test pictures in a folder per class, for the accuracy
 * @param maxDropPoints percentage points of accuracy that what is recommended may lose
 */
public record Bench(
        List<Path> models,
        Model.Options options,
        LatencyMeasurement latency,
        Optional<Path> picture,
        Optional<Path> data,
        double maxDropPoints) {
    private static final int PROCESSES = 3;

    /** Gives the command line that prints {@link #cold} in a fresh process. */
    @FunctionalInterface
    public interface ColdCommand {
        /** That of a model file in an engine. */
        List<String> line(Path file, String engine);
    }

    /** A variant in an engine that runs it. */
    private record Candidate(Variant variant, Engine engine, Classifier classifier) {}

    /**
     * Measures every variant.
     *
     * @throws GlintException if a model, the picture or the test pictures cannot be used
     */
    public BenchReport measure(ColdCommand coldCommand, Streams streams) throws IOException {
        List<Variant> variants = Variant.list(models);
        List<Candidate> candidates = new ArrayList<>();
        try {
            for (Variant variant : variants) {
                candidates.addAll(open(variant, streams));
            }
            PreprocessContract contract = candidates.get(0).classifier().contract();
            Optional<TestSet> testSet = data.map(folder -> TestSet.fromFolder(folder, contract.labels()));
            MachineState before = MachineState.now();
            List<Latency> latencies = latencies(candidates, picture(contract), streams);
            MachineState after = MachineState.now();
            List<ColdProcess> cold = new ArrayList<>();
            for (Candidate candidate : candidates) {
                cold.add(ColdProcess.median(
                        PROCESSES,
                        coldCommand.line(
                                candidate.variant().file(), candidate.engine().name())));
            }
            Map<Variant, Accuracy> accuracies =
                    testSet.map(set -> accuracies(variants, set, streams)).orElse(Map.of());
            List<Measurement> measurements = measurements(candidates, latencies, cold, accuracies);
            return new BenchReport(
                    conditions(candidates, contract, testSet, before, after),
                    measurements,
                    Recommendation.choose(measurements, maxDropPoints));
        } finally {
            candidates.forEach(candidate -> candidate.classifier().close());
        }
    }

    /** A variant in every engine that runs it; there must be one. */
    private List<Candidate> open(Variant variant, Streams streams) {
        List<Candidate> open = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        GlintException failure = null;
        for (Engine engine : options.engines()) {
            try {
                open.add(new Candidate(
                        variant, engine, Classifier.open(variant.file(), options.withEngines(List.of(engine)))));
            } catch (GlintException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (open.isEmpty() && failure != null) {
            throw failure;
        }
        refusals.forEach(refusal -> streams.err().println("note: without " + refusal));
        return open;
    }

    private List<Latency> latencies(List<Candidate> candidates, Image picture, Streams streams) {
        int runs = (latency.warmup() + latency.runs()) * candidates.size();
        try (Progress progress = new Progress(streams.terminal(), "latency", runs)) {
            return latency.measure(
                    candidates.stream().map(Candidate::classifier).toList(), picture, progress::step);
        }
    }

    private List<Measurement> measurements(
            List<Candidate> candidates,
            List<Latency> latencies,
            List<ColdProcess> cold,
            Map<Variant, Accuracy> accuracies) {
        List<Measurement> measurements = new ArrayList<>();
        for (int i = 0; i < candidates.size(); i++) {
            Variant variant = candidates.get(i).variant();
            measurements.add(new Measurement(
                    variant,
                    candidates.get(i).engine().name(),
                    latencies.get(i),
                    cold.get(i),
                    speedUp(i, candidates, latencies),
                    Optional.ofNullable(accuracies.get(variant))));
        }
        return measurements;
    }

    private Conditions conditions(
            List<Candidate> candidates,
            PreprocessContract contract,
            Optional<TestSet> testSet,
            MachineState before,
            MachineState after) {
        return new Conditions(
                onnxRuntime(candidates),
                options.threads(),
                latency.warmup(),
                latency.runs(),
                PROCESSES,
                picture.map(file -> file.getFileName().toString())
                        .orElse("noise of " + contract.width() + "x" + contract.height()),
                testSet.map(set -> new TestSetFacts(
                        set.name(), set.sha256(), set.pictures().size())),
                maxDropPoints,
                Machine.current(),
                before,
                after);
    }

    private static Optional<String> onnxRuntime(List<Candidate> candidates) {
        return candidates.stream()
                .flatMap(candidate -> candidate.engine().version().stream())
                .findFirst();
    }

    /** What the only model costs in this process, which has done nothing else, as a line of JSON. */
    public String cold() throws IOException {
        Variant variant = Variant.list(models).get(0);
        return ColdProcess.ofThisProcess(
                        LatencyMeasurement.coldStart(variant.file(), options, contract -> picture(contract)))
                .toJson();
    }

    private Image picture(PreprocessContract contract) {
        return picture.map(file -> ImageDecoder.decode(file, contract.decodeOptions()))
                .orElseGet(() -> new NoisePictures(contract).picture(NoisePictures.COUNT - 1));
    }

    /** Each variant in the engine that is preferred for it; the others compute the same but for the last digits. */
    private Map<Variant, Accuracy> accuracies(List<Variant> variants, TestSet set, Streams streams) {
        List<Model> opened = new ArrayList<>();
        try (Progress progress =
                new Progress(streams.terminal(), "accuracy", set.pictures().size())) {
            variants.forEach(variant -> opened.add(Model.open(variant.file(), options.withThreads(1))));
            List<Accuracy> accuracies = Evaluation.accuracies(opened, set, done -> progress.step());
            Map<Variant, Accuracy> ofVariants = new HashMap<>();
            for (int v = 0; v < variants.size(); v++) {
                ofVariants.put(variants.get(v), accuracies.get(v));
            }
            return ofVariants;
        } finally {
            opened.forEach(Model::close);
        }
    }

    private static OptionalDouble speedUp(int index, List<Candidate> candidates, List<Latency> latencies) {
        List<Variant> variants = candidates.stream().map(Candidate::variant).toList();
        Candidate own = candidates.get(index);
        OptionalInt baseline = own.variant().baseline(variants);
        for (int i = 0; baseline.isPresent() && i < candidates.size(); i++) {
            if (variants.get(i).equals(variants.get(baseline.getAsInt()))
                    && candidates.get(i).engine().equals(own.engine())) {
                return OptionalDouble.of((double) latencies.get(i).p50Nanos()
                        / latencies.get(index).p50Nanos());
            }
        }
        return OptionalDouble.empty();
    }
}
