package dev.glint.exporter.job;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.StagedFolder;
import dev.glint.exporter.folder.Variant.Integers;
import dev.glint.exporter.folder.Variant.Quantization;
import dev.glint.exporter.verify.Agreement;
import dev.glint.exporter.verify.DriftRecording;
import dev.glint.exporter.verify.GoldenRecording;
import dev.glint.exporter.verify.GoldenRecording.Picture;
import dev.glint.exporter.verify.IntegerCoverage;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.quantize.Quantizer;
import dev.glint.onnx.quantize.QuantizerOptions;
import dev.glint.onnx.quantize.calibrate.CalibrationPictures;
import dev.glint.onnx.quantize.calibrate.CalibrationRun;
import dev.glint.onnx.quantize.calibrate.KeptPixels;
import dev.glint.onnx.quantize.check.HeldOutLogits;
import dev.glint.onnx.quantize.check.HeldOutPictures;
import dev.glint.onnx.quantize.plan.FloatReason;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * From {@code fp32.onnx} in a model folder to {@code int8.onnx} beside it, or to other variants.
 *
 * @param model a model folder, or the {@code fp32.onnx} in one
 * @param calibration what ranges come from
 * @param layers what becomes of the single layers
 * @param data what accuracy is measured with: a run or a folder per class; empty for the calibration's run, if it is one
 * @param profiles the variants that are written, at least one
 * @param gates what each variant must keep
 * @param golden a folder whose pictures become golden samples; those of {@code fp32.onnx} without it, or synthetic ones
 */
public record QuantizeJob(
        Path model,
        CalibrationSettings calibration,
        LayerSettings layers,
        Optional<Path> data,
        List<Profile> profiles,
        Gates gates,
        Optional<Path> golden) {
    /** What is written in place of a calibrator where there are no ranges. */
    private static final String UNCALIBRATED = "none";

    /** How ranges came about that a quantisation-aware run has. */
    private static final String FITTED = "fitted";

    private static final int FEW_PICTURES = 50;

    /** Fewer pictures choose nothing. */
    private static final int ENOUGH_TO_JUDGE = 8;

    public QuantizeJob {
        if (profiles.isEmpty()) {
            throw new IllegalArgumentException("no profile");
        }
        profiles = List.copyOf(profiles);
    }

    /**
     * Quantises, checks and writes the variants, and enters them into the folder's manifest. Of several, one that does not
     * pass its checks is left out with a warning, but for the gates, which all must keep.
     *
     * @return the manifest as it is now
     * @throws GlintException ({@code INPUT}) if pictures cannot be used, ({@code MODEL}) if the model cannot, ({@code
     *     GATE}) if nothing fused, nothing is left of the model's answers, accuracy dropped too far or the golden samples do
     *     not hold; nothing is written then
     * @throws IOException if the folder cannot be written
     */
    public Manifest run(JobListener listener) throws IOException {
        FloatModel source = FloatModel.open(model);
        try {
            return run(source, listener);
        } catch (GlintException e) {
            throw e.about(source.file());
        }
    }

    private Manifest run(FloatModel source, JobListener listener) throws IOException {
        Optional<TestSet> test = test(source.contract());
        if (gates.maxDropPoints().isPresent() && test.isEmpty()) {
            throw GlintException.failure(
                            Reason.USAGE, "no labelled pictures", "--data", "name a run or a folder per class")
                    .about("--max-drop");
        }
        List<Picture> goldenPictures = GoldenPictures.choose(golden, source.model());
        CalibrationPictures pictures = PictureSources.calibration(
                calibration.source(), source.contract(), calibration.samples(), calibration.seed());
        Map<String, Range> fitted = PictureSources.fittedRanges(calibration.source(), source.model());
        KeptPixels pixels = pictures.pixels(new Preprocessor(source.contract()));
        Quantizer quantizer = quantizer(source, pictures, pixels, listener);
        AccurateQuantizer accurate = new AccurateQuantizer(source, layers, test, gates.maxDropPoints(), listener);
        try (StagedFolder staged = StagedFolder.beside(source.folder())) {
            List<QuantizedFile> files = new ArrayList<>();
            Optional<GlintException> refused = Optional.empty();
            for (Profile profile : profiles) {
                try {
                    QuantizerOptions options = options(profile, fitted);
                    Quantizer.Result quantized = accurate.quantize(quantizer, options);
                    requireIntegerNodes(quantized.plan(), profile.head());
                    if (files.isEmpty()) {
                        AgreementCheck.warnOf(pictures, quantized.draft().ranges(), listener);
                    }
                    Quantization quantization = quantization(pictures, !fitted.isEmpty(), quantized);
                    OnnxModel complete = GoldenRecording.into(
                            comparable(quantized, source, test, pictures, pixels), source.contract(), goldenPictures);
                    Path file = staged.write(profile.file(), complete);
                    Agreement agreement = Judging.golden(file, () -> agreement(source, file, test, pictures, listener));
                    files.add(new QuantizedFile(file, quantization, agreement));
                } catch (GlintException e) {
                    if (profiles.size() == 1 || e.reason() != Reason.GATE && e.reason() != Reason.MODEL) {
                        throw e;
                    }
                    staged.remove(profile.file());
                    listener.warn(profile.name() + " is left out: " + e.getMessage());
                    refused = Optional.of(e);
                }
            }
            if (files.isEmpty()) {
                throw refused.orElseThrow();
            }
            Manifest manifest = new ManifestUpdate(source, files, listener).manifest(test, pictures);
            files.forEach(file -> gates.require(manifest, file.fileName()));
            staged.write(ModelFolder.MANIFEST, manifest.toJson().getBytes(StandardCharsets.UTF_8));
            staged.publishInto();
            return manifest;
        }
    }

    private static OnnxModel comparable(
            Quantizer.Result quantized,
            FloatModel source,
            Optional<TestSet> test,
            CalibrationPictures pictures,
            KeptPixels pixels) {
        return test.map(set -> Judging.withBaseline(quantized.model(), source.contract(), set))
                .orElseGet(() -> withBaseline(quantized.model(), source.contract(), pictures, pixels));
    }

    private static Agreement agreement(
            FloatModel source, Path file, Optional<TestSet> test, CalibrationPictures pictures, JobListener listener) {
        try (Model floats = Model.open(source.file());
                Model integers = Model.open(file)) {
            return new AgreementCheck(QuantizedFile.name(file), floats, integers, listener).run(test, pictures);
        }
    }

    /** Without test pictures, those that no range depends on; without enough of them, the calibration pictures. */
    private static OnnxModel withBaseline(
            OnnxModel model, PreprocessContract contract, CalibrationPictures calibration, KeptPixels pixels) {
        int[] indices = calibration.heldOut().length < FEW_PICTURES ? calibration.indices() : calibration.heldOut();
        return DriftRecording.into(model, contract, indices.length, i -> pixels.apply(indices[i]));
    }

    private Optional<TestSet> test(PreprocessContract contract) {
        if (data.isPresent()) {
            return Optional.of(PictureSources.labelled(data.get(), contract));
        }
        return PictureSources.isRun(calibration.source())
                ? Optional.of(PictureSources.labelled(calibration.source(), contract))
                : Optional.empty();
    }

    static void requireIntegerNodes(QuantizationPlan plan, Head head) {
        if (plan.integerNodes().isEmpty()) {
            boolean unfused = plan.floatNodes().containsValue(FloatReason.UNFUSED);
            throw GlintException.failure(
                    unfused ? Reason.GATE : Reason.MODEL,
                    unfused ? "a model of which ONNX Runtime fuses nothing" : "a model without convolutions",
                    "something to quantise",
                    head == Head.FLOAT ? "add --head integer to quantise its linear layers" : "ship it as it is");
        }
    }

    private static Quantizer quantizer(
            FloatModel source, CalibrationPictures pictures, KeptPixels pixels, JobListener listener) {
        int total = pictures.indices().length;
        CalibrationRun run =
                new CalibrationRun(pictures.tensors(pixels), done -> listener.step("calibration", done, total));
        Optional<HeldOutPictures> heldOut = pictures.heldOut().length < ENOUGH_TO_JUDGE
                ? Optional.empty()
                : Optional.of(new HeldOutLogits(source.model(), pictures.heldOutTensors(pixels)));
        return new Quantizer(source.model(), run, heldOut);
    }

    /** What was fitted along with the weights leaves nothing to choose. */
    private QuantizerOptions options(Profile profile, Map<String, Range> fitted) {
        QuantizerOptions options = QuantizerOptions.minmax(profile);
        if (!profile.isCalibrated()) {
            return options;
        }
        return fitted.isEmpty() ? options.withCalibrators(calibration.calibrators()) : options.withGivenRanges(fitted);
    }

    private Quantization quantization(CalibrationPictures pictures, boolean fitted, Quantizer.Result quantized)
            throws IOException {
        Profile profile = quantized.plan().profile();
        return new Quantization(
                profile.scheme(),
                !profile.isCalibrated()
                        ? UNCALIBRATED
                        : fitted ? FITTED : quantized.decisions().calibrator(),
                pictures.source(),
                pictures.indices().length,
                calibration.seed(),
                profile.head().name().toLowerCase(Locale.ROOT),
                Optional.of(integers(quantized)),
                Optional.of(quantized.decisions()));
    }

    /** What ONNX Runtime really computes in integers, which must be something. */
    private static Integers integers(Quantizer.Result quantized) throws IOException {
        Profile profile = quantized.plan().profile();
        IntegerCoverage coverage = profile.isForArm()
                ? IntegerCoverage.measureAsOnArm(quantized.model(), quantized.optimized())
                : IntegerCoverage.measure(quantized.model(), quantized.optimized());
        if (profile.multipliesIntegers() && coverage.multiplyAdds().integers() == 0) {
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
}
