package dev.glint.classify.bench;

import dev.glint.classify.bench.BenchReport.Conditions;
import dev.glint.console.Progress;
import dev.glint.console.Streams;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.engine.ort.OnnxRuntime;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * What is measured, and how.
 *
 * @param models ONNX files, or model folders, which stand for all ONNX files in them
 * @param options how the models run
 * @param latency how often
 * @param picture what is classified; noise of the model's size where it is empty
 * @param data test pictures in a folder per class, for the accuracy
 */
public record Bench(
        List<Path> models,
        Model.Options options,
        LatencyMeasurement latency,
        Optional<Path> picture,
        Optional<Path> data) {
    private static final int PROCESSES = 3;

    /**
     * Measures every variant.
     *
     * @param coldCommand the command line that prints {@link #cold} of a model file in a fresh process
     * @throws GlintException if a model, the picture or the test pictures cannot be used
     */
    public BenchReport measure(Function<Path, List<String>> coldCommand, Streams streams) throws IOException {
        List<Variant> variants = Variant.list(models);
        List<Latency> latencies;
        Optional<TestSet> testSet;
        String pictureName;
        List<Classifier> classifiers = new ArrayList<>();
        try {
            for (Variant variant : variants) {
                classifiers.add(Classifier.open(variant.file(), options));
            }
            PreprocessContract contract = classifiers.get(0).contract();
            testSet = data.map(folder -> TestSet.fromFolder(folder, contract.labels()));
            pictureName = picture.map(file -> file.getFileName().toString())
                    .orElse("noise of " + contract.width() + "x" + contract.height());
            int runs = (latency.warmup() + latency.runs()) * classifiers.size();
            try (Progress progress = new Progress(streams.terminal(), "latency", runs)) {
                latencies = latency.measure(classifiers, picture(contract), progress::step);
            }
        } finally {
            classifiers.forEach(Classifier::close);
        }
        List<ColdProcess> cold = new ArrayList<>();
        for (Variant variant : variants) {
            cold.add(ColdProcess.median(PROCESSES, coldCommand.apply(variant.file())));
        }
        List<Accuracy> accuracies =
                testSet.map(set -> accuracies(variants, set, streams)).orElse(List.of());
        List<Measurement> measurements = new ArrayList<>();
        for (int v = 0; v < variants.size(); v++) {
            measurements.add(new Measurement(
                    variants.get(v),
                    latencies.get(v),
                    cold.get(v),
                    speedUp(v, variants, latencies),
                    accuracies.isEmpty() ? Optional.empty() : Optional.of(accuracies.get(v))));
        }
        String onnxRuntime = OnnxRuntime.version();
        return new BenchReport(
                new Conditions(
                        onnxRuntime, options.threads(), latency.warmup(), latency.runs(), PROCESSES, pictureName),
                measurements);
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

    private static List<Accuracy> accuracies(List<Variant> variants, TestSet set, Streams streams) {
        List<Model> models = new ArrayList<>();
        try (Progress progress =
                new Progress(streams.terminal(), "accuracy", set.pictures().size())) {
            variants.forEach(variant -> models.add(Model.open(variant.file())));
            return Evaluation.accuracies(models, set, done -> progress.step());
        } finally {
            models.forEach(Model::close);
        }
    }

    private static OptionalDouble speedUp(int variant, List<Variant> variants, List<Latency> latencies) {
        OptionalInt baseline = variants.get(variant).baseline(variants);
        return baseline.isPresent()
                ? OptionalDouble.of((double) latencies.get(baseline.getAsInt()).p50Nanos()
                        / latencies.get(variant).p50Nanos())
                : OptionalDouble.empty();
    }
}
