package dev.glint.exporter.job;

import dev.glint.console.Versions;
import dev.glint.exporter.folder.DefaultVariant;
import dev.glint.exporter.folder.Host;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.StagedFolder;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.folder.Variant.Quantization;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.exporter.graph.OnnxModel;
import dev.glint.exporter.graph.OnnxReader;
import dev.glint.exporter.graph.OnnxWriter;
import dev.glint.exporter.quantize.CalibrationPictures;
import dev.glint.exporter.quantize.QuantizationPlan;
import dev.glint.exporter.quantize.QuantizationPlan.Head;
import dev.glint.exporter.quantize.Quantizer;
import dev.glint.exporter.quantize.Range;
import dev.glint.exporter.verify.Agreement;
import dev.glint.exporter.verify.Evaluation;
import dev.glint.exporter.verify.FusionCheck;
import dev.glint.exporter.verify.TestSet;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
     *     GATE}) if something did not fuse, nothing is left of the model's answers or accuracy dropped too far; nothing is written then
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
        OnnxModel quantized = quantized(source, contract, pictures, listener);
        try (StagedFolder staged = StagedFolder.beside(folder)) {
            Path int8 = staged.write(ModelFolder.INT8, OnnxWriter.write(quantized));
            Manifest manifest = manifest(fp32, int8, pictures, test, listener);
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

    private OnnxModel quantized(
            OnnxModel source, PreprocessContract contract, CalibrationPictures pictures, JobListener listener) {
        QuantizationPlan plan = QuantizationPlan.derive(source.graph(), head);
        if (plan.integerNodes().isEmpty()) {
            throw GlintException.failure(
                    Reason.MODEL,
                    "a model without convolutions",
                    "something to quantise",
                    head == Head.FLOAT ? "add --head integer to quantise its linear layers" : "ship it as it is");
        }
        int total = pictures.indices().length;
        Map<String, Range> ranges = pictures.ranges(
                source,
                plan.calibrated(),
                new Preprocessor(contract),
                done -> listener.step("calibration", done, total));
        AgreementCheck.warnOf(pictures, ranges, source.graph().inputs().get(0).name(), listener);
        OnnxModel quantized = source.withGraph(Quantizer.quantize(source.graph(), plan, ranges));
        FusionCheck.require(quantized, plan.integerNodes());
        return quantized;
    }

    private Manifest manifest(
            Path fp32, Path int8, CalibrationPictures pictures, Optional<TestSet> test, JobListener listener)
            throws IOException {
        List<Latency> latencies;
        Agreement agreement;
        try (Classifier floats = Classifier.open(fp32);
                Classifier integers = Classifier.open(int8)) {
            agreement = new AgreementCheck(floats, integers, listener).run(test, pictures);
            latencies = LatencyMeasurement.defaults()
                    .measure(List.of(floats, integers), pictures.pictures().apply(pictures.indices()[0]));
        }
        Quantization quantization = new Quantization(
                SCHEME,
                METHOD,
                pictures.source(),
                pictures.indices().length,
                seed,
                head.name().toLowerCase(Locale.ROOT));
        Optional<Manifest> before = manifestBefore(fp32);
        Optional<Tested> known = before.flatMap(manifest -> known(manifest, fp32, test));
        Optional<Tested> floats = known.isPresent() ? known : tested(fp32, test, listener);
        List<Variant> variants = new ArrayList<>(others(before));
        Variant larger = Variant.describe(fp32, Optional.empty(), floats, latencies.get(0));
        Variant smaller = Variant.describe(
                        int8, Optional.of(quantization), tested(int8, test, listener), latencies.get(1))
                .withAgreement(agreement);
        variants.add(larger);
        variants.add(smaller);
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

    /**
     * The accuracy that the manifest has for this very file and the same pictures, which only those of a run surely
     * are; without a test set, whatever it has.
     */
    private Optional<Tested> known(Manifest before, Path fp32, Optional<TestSet> test) {
        boolean folder = data.isPresent() && !PictureSources.isRun(data.get());
        String sha256 = Variant.describe(fp32, Optional.empty(), Optional.empty(), Latency.fromNanos(new long[1]))
                .sha256();
        return before.variant(ModelFolder.FP32)
                .filter(variant -> variant.sha256().equals(sha256) && !folder)
                .flatMap(Variant::tested)
                .filter(tested -> test.isEmpty() || isOf(tested, test.get()));
    }

    private static boolean isOf(Tested tested, TestSet test) {
        return tested.testSet().equals(test.name())
                && tested.accuracy().pictures() == test.pictures().size();
    }

    private static Optional<Tested> tested(Path file, Optional<TestSet> test, JobListener listener) {
        return test.map(set -> {
            int total = set.pictures().size();
            String task = "accuracy of " + file.getFileName();
            return new Tested(
                    set.name(), Evaluation.accuracy(file, set.pictures(), done -> listener.step(task, done, total)));
        });
    }

    private void requireSmallDrop(Manifest manifest) {
        Optional<Double> drop = manifest.variant(ModelFolder.INT8)
                .flatMap(int8 -> manifest.variant(ModelFolder.FP32).flatMap(int8::dropPoints));
        if (maxDropPoints.isPresent() && drop.isPresent() && drop.get() > maxDropPoints.get()) {
            throw GlintException.failure(
                    Reason.GATE,
                    String.format(Locale.ROOT, "an accuracy that dropped by %.2f points", drop.get()),
                    String.format(Locale.ROOT, "at most %.2f", maxDropPoints.get()),
                    "calibrate with more or other pictures; nothing was written");
        }
    }
}
