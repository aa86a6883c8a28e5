package dev.glint.exporter.job;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.verify.DriftRecording;
import dev.glint.onnx.quantize.calibrate.CalibrationPictures;
import dev.glint.onnx.quantize.calibrate.KeptPixels;
import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.nio.file.Path;

/** Puts baselines of drift into the model files that a folder has. */
public final class DriftJob {
    private static final int SAMPLES = 500;
    private static final long SEED = 1;

    private DriftJob() {}

    /**
     * Records what pictures are like for every variant of the manifest and enters the new files into it.
     *
     * @param data a run, of which the held-out pictures count, or a folder of pictures, of which at most {@value #SAMPLES}
     * @return the manifest as it is now
     * @throws GlintException ({@code MODEL}) if there is no manifest, or a file is not what it says, ({@code INPUT}) if the
     *     pictures cannot be used; nothing is written then
     * @throws IOException if the folder cannot be written
     */
    public static Manifest run(Path folder, Path data, JobListener listener) throws IOException {
        return MetadataRewrite.run(folder, "drift baseline", listener, (model, contract) -> {
            if (PictureSources.isRun(data)) {
                return Judging.withBaseline(model, contract, PictureSources.labelled(data, contract));
            }
            CalibrationPictures sample = PictureSources.calibration(data, contract, SAMPLES, SEED);
            int[] indices = sample.indices();
            KeptPixels pixels = sample.pixels(new Preprocessor(contract));
            return DriftRecording.into(model, contract, indices.length, i -> pixels.apply(indices[i]));
        });
    }
}
