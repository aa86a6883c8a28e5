package dev.glint.exporter.cli;

import dev.glint.exporter.job.Gates;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a quantised model must keep, else nothing is written. */
final class GateOptions {
    @Option(
            names = "--max-drop",
            paramLabel = "POINTS",
            description =
                    "put the layers that cost most back to float until accuracy drops by no more percentage points;"
                            + " write nothing if none short of all will do")
    private @Nullable Double maxDrop;

    @Option(
            names = "--min-speedup",
            paramLabel = "FACTOR",
            description = "write nothing that is not so many times as fast as fp32, with one thread on this machine")
    private @Nullable Double minSpeedUp;

    @Option(
            names = "--min-agreement",
            paramLabel = "SHARE",
            description = "write nothing that gives the class of fp32 for a smaller share of pictures, 0 to 1")
    private @Nullable Double minAgreement;

    /**
     * The gates.
     *
     * @throws GlintException ({@code USAGE}) if a number makes no sense
     */
    Gates gates() {
        return new Gates(
                checked("--max-drop", maxDrop, 100, "points"),
                checked("--min-speedup", minSpeedUp, 1000, "times"),
                checked("--min-agreement", minAgreement, 1, "as a share"));
    }

    private static Optional<Double> checked(String option, @Nullable Double value, double most, String unit) {
        if (value != null && !(value >= 0 && value <= most)) {
            throw GlintException.failure(
                            Reason.USAGE,
                            Double.toString(value),
                            String.format(Locale.ROOT, "0 to %.0f %s", most, unit),
                            "correct the option")
                    .about(option);
        }
        return Optional.ofNullable(value);
    }
}
