package dev.glint.exporter.job;

import dev.glint.console.Versions;
import dev.glint.exporter.folder.DefaultVariant;
import dev.glint.exporter.folder.Host;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.folder.Variant.Quantization;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.exporter.verify.Agreement;
import dev.glint.onnx.quantize.calibrate.CalibrationPictures;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The manifest of a model folder that a quantised model comes into: both models are measured and compared.
 *
 * @param int8 where the quantised model is for now
 */
record ManifestUpdate(FloatModel source, Path int8, Quantization quantization, JobListener listener) {

    private record Comparison(Agreement agreement, List<Latency> latencies) {}

    /**
     * The manifest as it will be.
     *
     * @throws GlintException ({@code GATE}) if nothing is left of the model's answers, ({@code MODEL}) if the manifest that
     *     is there is none
     */
    Manifest manifest(Optional<TestSet> test, CalibrationPictures pictures) throws IOException {
        Comparison comparison = compare(test, pictures);
        Optional<Manifest> before = before();
        Optional<Tested> known = before.flatMap(this::known);
        Optional<List<Tested>> tested = test.map(set -> Judging.tested(source.file(), known, int8, set, listener));
        Variant floats = Variant.describe(
                source.file(),
                Optional.empty(),
                tested.map(both -> both.get(0)).or(() -> known),
                Optional.empty(),
                comparison.latencies().get(0));
        Variant integers = Variant.describe(
                int8,
                Optional.of(quantization),
                tested.map(both -> both.get(1)),
                Optional.of(comparison.agreement()),
                comparison.latencies().get(1));
        List<Variant> variants = new ArrayList<>(List.of(floats, integers));
        before.ifPresent(manifest -> variants.addAll(others(manifest)));
        DefaultVariant byDefault = DefaultVariant.choose(floats, integers, comparison.agreement());
        return new Manifest(Versions.glint(), Host.current(), byDefault, variants, before.flatMap(Manifest::origin));
    }

    private Comparison compare(Optional<TestSet> test, CalibrationPictures pictures) {
        try (Model floats = Model.open(source.file());
                Model integers = Model.open(int8)) {
            Agreement agreement = new AgreementCheck(floats, integers, listener).run(test, pictures);
            try (Classifier one = floats.newClassifier();
                    Classifier other = integers.newClassifier()) {
                List<Latency> latencies = LatencyMeasurement.defaults()
                        .measure(List.of(one, other), pictures.pictures().apply(pictures.indices()[0]));
                return new Comparison(agreement, latencies);
            }
        }
    }

    private Optional<Manifest> before() throws IOException {
        Path file = source.file().resolveSibling(ModelFolder.MANIFEST);
        try {
            return Files.exists(file) ? Optional.of(Manifest.fromJson(Files.readString(file))) : Optional.empty();
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static List<Variant> others(Manifest before) {
        Set<String> renewed = Set.of(ModelFolder.FP32, ModelFolder.INT8);
        return before.variants().stream()
                .filter(variant -> !renewed.contains(variant.file()))
                .toList();
    }

    /** The accuracy that the manifest has for this very file. */
    private Optional<Tested> known(Manifest before) {
        String sha256 = Variant.sha256(source.file());
        return before.variant(ModelFolder.FP32)
                .filter(variant -> variant.sha256().equals(sha256))
                .flatMap(Variant::tested);
    }
}
