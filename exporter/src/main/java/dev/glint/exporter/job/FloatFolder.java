package dev.glint.exporter.job;

import dev.glint.console.Versions;
import dev.glint.exporter.folder.DefaultVariant;
import dev.glint.exporter.folder.Host;
import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Origin;
import dev.glint.exporter.folder.StagedFolder;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.evaluate.TestSet;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A new model folder with {@code fp32.onnx} alone. */
final class FloatFolder {
    private FloatFolder() {}

    /** Noise is no baseline of drift: a model that nobody has test pictures for has none. */
    static OnnxModel withBaseline(OnnxModel model, PreprocessContract contract, Optional<TestSet> test) {
        return test.map(set -> Judging.withBaseline(model, contract, set)).orElse(model);
    }

    /**
     * Judges the file that is staged, writes the manifest and publishes both.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code GATE}) if the golden samples do not hold
     */
    static Manifest publish(
            StagedFolder folder,
            Path file,
            Optional<TestSet> test,
            Latency latency,
            Optional<Origin> origin,
            JobListener listener)
            throws IOException {
        Judging.requireGolden(file);
        Optional<Tested> tested = Judging.tested(file, test, listener);
        Variant variant = Variant.describe(file, Optional.empty(), tested, Optional.empty(), latency);
        Manifest manifest =
                new Manifest(Versions.glint(), Host.current(), DefaultVariant.only(variant), List.of(variant), origin);
        folder.write(ModelFolder.MANIFEST, manifest.toJson().getBytes(StandardCharsets.UTF_8));
        folder.publish();
        return manifest;
    }
}
