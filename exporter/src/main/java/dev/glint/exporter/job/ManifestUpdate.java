package dev.glint.exporter.job;

import dev.glint.console.Versions;
import dev.glint.exporter.folder.DefaultVariant;
import dev.glint.exporter.folder.Host;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.onnx.quantize.calibrate.CalibrationPictures;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The manifest of a model folder that quantised models come into: all are measured against the float one.
 *
 * @param files the quantised models
 */
record ManifestUpdate(FloatModel source, List<QuantizedFile> files, JobListener listener) {

    /**
     * The manifest as it will be.
     *
     * @throws GlintException ({@code MODEL}) if the manifest that is there is none
     */
    Manifest manifest(Optional<TestSet> test, CalibrationPictures pictures) throws IOException {
        Optional<Manifest> before = before();
        Optional<Tested> known = before.flatMap(this::known);
        List<Path> paths = files.stream().map(QuantizedFile::file).toList();
        Optional<List<Tested>> tested = test.map(set -> Judging.tested(source.file(), known, paths, set, listener));
        List<Latency> latencies = latencies(pictures.pictures().apply(pictures.indices()[0]));
        Variant floats = Variant.describe(
                source.file(),
                Optional.empty(),
                tested.map(all -> all.get(0)).or(() -> known),
                Optional.empty(),
                latencies.get(0));
        List<Variant> smaller = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            int place = i + 1;
            smaller.add(Variant.describe(
                    files.get(i).file(),
                    Optional.of(files.get(i).quantization()),
                    tested.map(all -> all.get(place)),
                    Optional.of(files.get(i).agreement()),
                    latencies.get(place)));
        }
        before.ifPresent(manifest -> smaller.addAll(others(manifest)));
        List<Variant> variants = new ArrayList<>(List.of(floats));
        variants.addAll(smaller);
        return new Manifest(
                Versions.glint(),
                Host.current(),
                DefaultVariant.choose(floats, smaller),
                variants,
                before.flatMap(Manifest::origin));
    }

    /** All of them take turns. */
    private List<Latency> latencies(Image picture) {
        List<Classifier> classifiers = new ArrayList<>();
        try {
            classifiers.add(Classifier.open(source.file()));
            files.forEach(file -> classifiers.add(Classifier.open(file.file())));
            return LatencyMeasurement.defaults().measure(classifiers, picture);
        } finally {
            classifiers.forEach(Classifier::close);
        }
    }

    private Optional<Manifest> before() throws IOException {
        Path file = source.file().resolveSibling(ModelFolder.MANIFEST);
        return Files.exists(file) ? Optional.of(Manifest.read(file)) : Optional.empty();
    }

    private List<Variant> others(Manifest before) {
        Set<String> renewed = new HashSet<>(Set.of(ModelFolder.FP32));
        files.forEach(file -> renewed.add(file.fileName()));
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
