package dev.glint.exporter.job;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.verify.GoldenRecording;
import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.nio.file.Path;
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
        return MetadataRewrite.run(
                folder,
                "golden samples",
                listener,
                (model, contract) -> GoldenRecording.into(model, contract, GoldenPictures.choose(golden, model)));
    }
}
