package dev.glint.exporter.job;

import dev.glint.onnx.quantize.calibrate.Calibrator;
import java.nio.file.Path;
import java.util.List;

/**
 * What ranges come from.
 *
 * @param source a run, or a folder of pictures
 * @param samples how many of its pictures are used at most
 * @param seed chooses them
 * @param calibrators those to choose from; the first if too few pictures are left to choose by
 */
public record CalibrationSettings(Path source, int samples, long seed, List<Calibrator> calibrators) {
    public CalibrationSettings {
        if (samples < 1 || calibrators.isEmpty()) {
            throw new IllegalArgumentException(samples + " samples, " + calibrators.size() + " calibrators");
        }
        calibrators = List.copyOf(calibrators);
    }
}
