package dev.glint.exporter.cli;

import dev.glint.exporter.job.CalibrationSettings;
import dev.glint.onnx.quantize.calibrate.Calibrator;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.cli.Options;
import dev.glint.trainer.recipe.Domain;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What the ranges of activations come from. */
final class CalibrationOptions {
    private static final String AUTO = "auto";

    @Option(
            names = "--calibration",
            paramLabel = "DIR|RUN",
            required = true,
            description =
                    "a folder of pictures, or a run, which stands for its training pictures; labels are not needed; a"
                            + " quantisation-aware run brings the ranges that it was fitted with")
    private Path calibration = Path.of("");

    @Option(
            names = "--calibrator",
            paramLabel = "NAME",
            defaultValue = AUTO,
            description = {
                "how ranges are made of what was seen: minmax, moving-average, percentile[=99.99], entropy, mse; or auto,"
                        + " which tries them all and takes the one whose logits are nearest to those of fp32.onnx on"
                        + " pictures held out from calibration; default ${DEFAULT-VALUE}"
            })
    private String calibrator = AUTO;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "500",
            description = "calibration pictures, chosen at random; a fifth is held out if there are no others; default"
                    + " ${DEFAULT-VALUE}")
    private int samples;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "decides which pictures are chosen; default ${DEFAULT-VALUE}")
    private long seed;

    CalibrationSettings settings() {
        return new CalibrationSettings(
                calibration, Options.checked("--samples", Domain.AT_LEAST_ONE, samples), seed, calibrators());
    }

    private List<Calibrator> calibrators() {
        if (calibrator.equals(AUTO)) {
            return Calibrator.candidates();
        }
        return List.of(Calibrator.named(calibrator)
                .orElseThrow(() -> GlintException.failure(
                                Reason.USAGE,
                                "'" + calibrator + "'",
                                AUTO + ", or one such as "
                                        + Calibrator.candidates().stream()
                                                .map(Calibrator::name)
                                                .collect(Collectors.joining(", ")),
                                "correct the option; a percentile is above 50 and at most 100")
                        .about("--calibrator")));
    }
}
