package dev.glint.exporter.job;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.StagedFolder;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.graph.OnnxModel;
import dev.glint.exporter.graph.OnnxReader;
import dev.glint.exporter.graph.OnnxWriter;
import dev.glint.exporter.verify.GoldenRecording;
import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts golden samples into the model files that a folder has. */
public final class GoldenJob {
    private GoldenJob() {}

    /**
     * Records samples for every variant of the manifest and enters the new files into it.
     *
     * @param golden a folder whose pictures become golden samples; those that a file has without it, or synthetic ones
     * @return the manifest as it is now
     * @throws GlintException ({@code MODEL}) if there is no manifest, or a file is not what it says, ({@code INPUT}) if the
     *     pictures cannot be used, ({@code GATE}) if the samples do not hold; nothing is written then
     * @throws IOException if the folder cannot be written
     */
    public static Manifest run(Path folder, Optional<Path> golden, JobListener listener) throws IOException {
        Manifest before = manifest(folder);
        List<Variant> variants = new ArrayList<>();
        try (StagedFolder staged = StagedFolder.beside(folder)) {
            int total = before.variants().size();
            for (Variant variant : before.variants()) {
                listener.step("golden samples", variants.size(), total);
                variants.add(complete(folder.resolve(variant.file()), variant, golden, staged));
            }
            Manifest manifest = new Manifest(before.glint(), before.host(), before.byDefault(), variants);
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
        try {
            return Manifest.fromJson(Files.readString(file));
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static Variant complete(Path file, Variant variant, Optional<Path> golden, StagedFolder staged)
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
            OnnxModel complete = GoldenRecording.into(model, contract, GoldenPictures.choose(golden, model));
            Path written = staged.write(variant.file(), OnnxWriter.write(complete));
            Judging.requireGolden(written);
            return variant.withFile(written);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }
}
