package dev.glint.exporter.job;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.StagedFolder;
import dev.glint.exporter.folder.Variant;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxReader;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.golden.GoldenSamples;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Gives every model file of a folder other metadata. */
final class MetadataRewrite {
    private MetadataRewrite() {}

    /** What becomes of a model. */
    @FunctionalInterface
    interface Rewrite {
        /**
         * Returns the model with other metadata.
         *
         * @throws IOException if what it needs for that cannot be read
         */
        OnnxModel apply(OnnxModel model, PreprocessContract contract) throws IOException;
    }

    /**
     * Rewrites every variant of the manifest and enters the new files into it.
     *
     * @param task what is done, for who watches
     * @return the manifest as it is now
     * @throws GlintException ({@code MODEL}) if there is no manifest, or a file is not what it says, ({@code GATE}) if the
     *     golden samples of a new file do not hold, or what the rewrite throws; nothing is written then
     * @throws IOException if the folder cannot be written
     */
    static Manifest run(Path folder, String task, JobListener listener, Rewrite rewrite) throws IOException {
        Manifest before = manifest(folder);
        List<Variant> variants = new ArrayList<>();
        try (StagedFolder staged = StagedFolder.beside(folder)) {
            int total = before.variants().size();
            for (Variant variant : before.variants()) {
                listener.step(task, variants.size(), total);
                variants.add(complete(folder.resolve(variant.file()), variant, rewrite, staged));
            }
            Manifest manifest =
                    new Manifest(before.glint(), before.host(), before.byDefault(), variants, before.origin());
            staged.write(ModelFolder.MANIFEST, manifest.toJson().getBytes(StandardCharsets.UTF_8));
            staged.publishInto();
            return manifest;
        }
    }

    private static Manifest manifest(Path folder) throws IOException {
        Path file = folder.resolve(ModelFolder.MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw GlintException.failure(
                            Reason.MODEL,
                            "no " + ModelFolder.MANIFEST,
                            "a model folder",
                            "write one with exporter export")
                    .about(folder);
        }
        return Manifest.read(file);
    }

    private static Variant complete(Path file, Variant variant, Rewrite rewrite, StagedFolder staged)
            throws IOException {
        OnnxModel model = OnnxReader.read(file);
        try {
            if (!Variant.sha256(file).equals(variant.sha256())) {
                throw GlintException.failure(
                        Reason.MODEL,
                        "another file than the manifest's",
                        "one with its SHA-256",
                        "write the model again with exporter export");
            }
            PreprocessContract contract = PreprocessContract.fromMetadata(model.metadata()::get);
            OnnxModel complete = rewrite.apply(model, contract);
            Path written = staged.write(variant.file(), complete);
            if (complete.metadata().containsKey(GoldenSamples.METADATA_KEY)) {
                Judging.requireGolden(written);
            }
            return variant.withFile(written);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }
}
