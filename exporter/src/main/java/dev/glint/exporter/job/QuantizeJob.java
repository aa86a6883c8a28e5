package dev.glint.exporter.job;

import dev.glint.console.Versions;
import dev.glint.exporter.folder.DefaultVariant;
import dev.glint.exporter.folder.Host;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.StagedFolder;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.folder.Variant.Integers;
import dev.glint.exporter.folder.Variant.Quantization;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.exporter.graph.OnnxModel;
import dev.glint.exporter.graph.OnnxReader;
import dev.glint.exporter.graph.OnnxWriter;
import dev.glint.exporter.quantize.CalibrationPictures;
import dev.glint.exporter.quantize.FloatReason;
import dev.glint.exporter.quantize.QuantizationPlan.Head;
import dev.glint.exporter.quantize.Quantizer;
import dev.glint.exporter.verify.Agreement;
import dev.glint.exporter.verify.IntegerCoverage;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From {@code fp32.onnx} in a model folder to {@code int8.onnx} beside it.
 *
 * @param model a model folder, or the {@code fp32.onnx} in one
 * @param calibration a run, or a folder of pictures
 * @param samples how many of its pictures are used at most
 * @param seed chooses them
 * @param data what accuracy is measured with: a run or a folder per class; empty for the calibration's run, if it is one
 * @param head what becomes of the last layers
 * @param maxDropPoints the percentage points of accuracy that may be lost at most
 */
public record QuantizeJob(
        Path model,
        Path calibration,
        int samples,
        long seed,
        Optional<Path> data,
        Head head,
        Optional<Double> maxDropPoints) {
    private static final String SCHEME = "qdq-u8-s8-per-channel";
    private static final String METHOD = "minmax";

    public QuantizeJob {
        if (samples < 1) {
            throw new IllegalArgumentException(samples + " samples");
        }
    }

    /**
     * Quantises, checks and writes the model, and enters it into the folder's manifest.
     *
     * @return the manifest as it is now
     * @throws GlintException ({@code INPUT}) if pictures cannot be used, ({@code MODEL}) if the model cannot, ({@code
     *     GATE}) if nothing fused, nothing is left of the model's answers or accuracy dropped too far; nothing is written then
     * @throws IOException if the folder cannot be written
     */
    public Manifest run(JobListener listener) throws IOException {
        Path fp32 = fp32();
        Path folder = fp32.toAbsolutePath().getParent();
        OnnxModel source = floatModel(fp32);
        PreprocessContract contract = contract(source, fp32);
        Optional<TestSet> test = test(contract);
        if (maxDropPoints.isPresent() && test.isEmpty()) {
            throw GlintException.failure(
                    Reason.USAGE, "--max-drop without labelled pictures", "--data", "name a run or a folder per class");
        }
        CalibrationPictures pictures = PictureSources.calibration(calibration, contract, samples, seed);
        Quantizer.Result quantized = quantized(source, contract, pictures, listener);
        Integers integers = integers(quantized);
        try (StagedFolder staged = StagedFolder.beside(folder)) {
            Path int8 = staged.write(ModelFolder.INT8, OnnxWriter.write(quantized.model()));
            Manifest manifest = manifest(fp32, int8, integers, pictures, test, listener);
            requireSmallDrop(manifest);
            staged.write(ModelFolder.MANIFEST, manifest.toJson().getBytes(StandardCharsets.UTF_8));
            staged.publishInto();
            return manifest;
        }
    }

    private Path fp32() {
        Path file = Files.isDirectory(model) ? model.resolve(ModelFolder.FP32) : model;
        if (!Files.isRegularFile(file) || !file.endsWith(ModelFolder.FP32)) {
            throw GlintException.failure(
                            Reason.MODEL,
                            Files.exists(model) ? "no " + ModelFolder.FP32 : "no such folder",
                            "a model folder with " + ModelFolder.FP32,
                            "write one with exporter export")
                    .about(model);
        }
        return file;
    }

    private static OnnxModel floatModel(Path file) {
        OnnxModel source = OnnxReader.read(file);
        if (source.graph().nodes().stream().anyMatch(node -> node.op().contains("QuantizeLinear"))) {
            throw GlintException.failure(
                            Reason.MODEL, "a model that is quantised already", "a float model", "export the run again")
                    .about(file);
        }
        return source;
    }

    private static PreprocessContract contract(OnnxModel source, Path file) {
        try {
            return PreprocessContract.fromMetadata(source.metadata()::get);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private Optional<TestSet> test(PreprocessContract contract) {
        if (data.isPresent()) {
            return Optional.of(PictureSources.labelled(data.get(), contract));
        }
        return PictureSources.isRun(calibration)
                ? Optional.of(PictureSources.labelled(calibration, contract))
                : Optional.empty();
    }

    private Quantizer.Result quantized(
            OnnxModel source, PreprocessContract contract, CalibrationPictures pictures, JobListener listener) {
        int total = pictures.indices().length;
        Preprocessor preprocessor = new Preprocessor(contract);
        Quantizer.Result result = Quantizer.quantize(
                source,
                head,
                values -> AgreementCheck.warnOf(
                        pictures,
                        pictures.ranges(
                                source, values, preprocessor, done -> listener.step("calibration", done, total)),
                        contract.inputName(),
                        listener));
        if (result.plan().integerNodes().isEmpty()) {
            boolean unfused = result.plan().floatNodes().containsValue(FloatReason.UNFUSED);
            throw GlintException.failure(
                    unfused ? Reason.GATE : Reason.MODEL,
                    unfused ? "a model of which ONNX Runtime fuses nothing" : "a model without convolutions",
                    "something to quantise",
                    head == Head.FLOAT ? "add --head integer to quantise its linear layers" : "ship it as it is");
        }
        return result;
    }

    /** What ONNX Runtime really computes in integers, which must be something. */
    private static Integers integers(Quantizer.Result quantized) throws IOException {
        IntegerCoverage coverage = IntegerCoverage.measure(quantized.model());
        if (coverage.multiplyAdds().integers() == 0) {
            throw GlintException.failure(
                    Reason.GATE,
                    "a quantised model of which ONNX Runtime multiplies nothing in integers",
                    "integer convolutions or linear layers",
                    "ship fp32.onnx; nothing was written");
        }
        Map<String, List<String>> floats = new LinkedHashMap<>();
        quantized.plan().floatNodesByReason().forEach((reason, nodes) -> floats.put(reason.text(), nodes));
        return new Integers(coverage, floats);
    }

    private Manifest manifest(
            Path fp32,
            Path int8,
            Integers integers,
            CalibrationPictures pictures,
            Optional<TestSet> test,
            JobListener listener)
            throws IOException {
        List<Latency> latencies;
        Agreement agreement;
        try (Classifier floats = Classifier.open(fp32);
                Classifier bytes = Classifier.open(int8)) {
            agreement = new AgreementCheck(floats, bytes, listener).run(test, pictures);
            latencies = LatencyMeasurement.defaults()
                    .measure(List.of(floats, bytes), pictures.pictures().apply(pictures.indices()[0]));
        }
        Quantization quantization = new Quantization(
                SCHEME,
                METHOD,
                pictures.source(),
                pictures.indices().length,
                seed,
                head.name().toLowerCase(Locale.ROOT),
                Optional.of(integers));
        Optional<Manifest> before = manifestBefore(fp32);
        Optional<Tested> known = before.flatMap(manifest -> known(manifest, fp32));
        List<Optional<Tested>> tested = test.map(set -> Judging.tested(fp32, known, int8, set, listener))
                .orElse(List.of(known, Optional.empty()));
        List<Variant> variants = new ArrayList<>(others(before));
        Variant larger = Variant.describe(fp32, Optional.empty(), tested.get(0), latencies.get(0));
        Variant smaller = Variant.describe(int8, Optional.of(quantization), tested.get(1), latencies.get(1))
                .withAgreement(agreement);
        variants.addAll(List.of(larger, smaller));
        return new Manifest(
                Versions.glint(), Host.current(), DefaultVariant.choose(larger, smaller, agreement), variants);
    }

    private static Optional<Manifest> manifestBefore(Path fp32) throws IOException {
        Path file = fp32.resolveSibling(ModelFolder.MANIFEST);
        try {
            return Files.exists(file) ? Optional.of(Manifest.fromJson(Files.readString(file))) : Optional.empty();
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static List<Variant> others(Optional<Manifest> before) {
        Set<String> renewed = Set.of(ModelFolder.FP32, ModelFolder.INT8);
        return before.map(Manifest::variants).orElse(List.of()).stream()
                .filter(variant -> !renewed.contains(variant.file()))
                .toList();
    }

    /** The accuracy that the manifest has for this very file. */
    private static Optional<Tested> known(Manifest before, Path fp32) {
        String sha256 = Variant.describe(fp32, Optional.empty(), Optional.empty(), Latency.fromNanos(new long[1]))
                .sha256();
        return before.variant(ModelFolder.FP32)
                .filter(variant -> variant.sha256().equals(sha256))
                .flatMap(Variant::tested);
    }

    private void requireSmallDrop(Manifest manifest) {
        Optional<Accuracy> integers = accuracy(manifest, ModelFolder.INT8);
        Optional<Accuracy> floats = accuracy(manifest, ModelFolder.FP32);
        if (maxDropPoints.isPresent()
                && integers.isPresent()
                && floats.isPresent()
                && integers.get().dropsMoreThan(maxDropPoints.get(), floats.get())) {
            throw GlintException.failure(
                    Reason.GATE,
                    String.format(
                            Locale.ROOT,
                            "an accuracy that dropped by %.2f points (from %d to %d of %d pictures)",
                            integers.get().dropPoints(floats.get()),
                            floats.get().correct(),
                            integers.get().correct(),
                            integers.get().pictures()),
                    String.format(Locale.ROOT, "at most %.2f", maxDropPoints.get()),
                    "calibrate with more or other pictures; nothing was written");
        }
    }

    private static Optional<Accuracy> accuracy(Manifest manifest, String file) {
        return manifest.variant(file).flatMap(Variant::tested).map(Tested::accuracy);
    }
}
