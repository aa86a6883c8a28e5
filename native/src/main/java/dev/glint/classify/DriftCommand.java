package dev.glint.classify;

import com.google.gson.JsonObject;
import dev.glint.console.JsonReport;
import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.runtime.drift.DriftFile;
import dev.glint.runtime.drift.DriftReport;
import dev.glint.runtime.drift.DriftReport.Level;
import dev.glint.runtime.drift.DriftReport.Statistic;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code classify drift}: whether the pictures that a device sees are still those that its model was made for. */
@Command(
        name = "drift",
        mixinStandardHelpOptions = true,
        header = "Reports how far the pictures of this device are from those that the model was made for.",
        description = {
            "Population stability index (PSI): below 0.1 stable, up to 0.25 moderate, above drift, unless chance explains it"
                    + " for so few pictures. Kolmogorov-Smirnov distance (KS): above its critical value for a risk of 0.001"
                    + " moderate."
        })
final class DriftCommand implements Callable<Integer> {
    private static final int DIGITS = 6;

    private final Streams streams;

    /** From which level on it fails. */
    private enum FailOn {
        MODERATE(Level.MODERATE),
        DRIFT(Level.DRIFT);

        private final Level level;

        FailOn(Level level) {
            this.level = level;
        }
    }

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(
            names = "--fail-on",
            paramLabel = "LEVEL",
            description = "Exit with 5 from this level on: moderate or drift (default: never).")
    private @Nullable FailOn failOn;

    @Parameters(arity = "1", paramLabel = "FILE", description = "What classify --drift FILE has counted.")
    private Path file = Path.of("");

    DriftCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        DriftFile.Content content = new DriftFile(file).read();
        DriftReport report = DriftReport.compare(content.baseline(), content.seen());
        if (common.json) {
            printJson(report);
        } else {
            printForPeople(report);
        }
        streams.out().flush();
        if (failOn != null && report.level().compareTo(failOn.level) >= 0) {
            throw GlintException.failure(
                            Reason.GATE,
                            "pictures that are " + name(report.level()),
                            "less than " + name(failOn.level),
                            "look at the pictures, then at the camera or the model")
                    .about(file);
        }
        return 0;
    }

    private void printForPeople(DriftReport report) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("statistic", "PSI", "by chance", "KS", "critical", "level"));
        for (Statistic statistic : report.statistics()) {
            boolean ordered = statistic.ks().isPresent();
            rows.add(List.of(
                    statistic.name(),
                    Text.rounded(statistic.psi(), 3).toPlainString(),
                    Text.rounded(statistic.psiByChance(), 3).toPlainString(),
                    ordered ? Text.rounded(statistic.ks().getAsDouble(), 3).toPlainString() : "-",
                    ordered ? Text.rounded(statistic.ksCritical(), 3).toPlainString() : "-",
                    name(statistic.level())));
        }
        Text.table(rows).forEach(streams.out()::line);
        streams.out().line("");
        streams.out()
                .line(report.seenPictures() + " pictures here against " + report.baselinePictures()
                        + " of the baseline: " + name(report.level()));
    }

    private void printJson(DriftReport report) {
        JsonObject head = new JsonObject();
        head.addProperty("schema", "glint.drift-report/1");
        head.addProperty("file", file.toString());
        head.addProperty("pictures", report.seenPictures());
        head.addProperty("baselinePictures", report.baselinePictures());
        head.addProperty("level", name(report.level()));
        try (JsonReport json = new JsonReport(streams.out(), head, "statistics")) {
            for (Statistic statistic : report.statistics()) {
                JsonObject entry = new JsonObject();
                entry.addProperty("name", statistic.name());
                entry.addProperty("psi", Text.rounded(statistic.psi(), DIGITS));
                entry.addProperty("psiByChance", Text.rounded(statistic.psiByChance(), DIGITS));
                if (statistic.ks().isPresent()) {
                    entry.addProperty("ks", Text.rounded(statistic.ks().getAsDouble(), DIGITS));
                    entry.addProperty("ksCritical", Text.rounded(statistic.ksCritical(), DIGITS));
                }
                entry.addProperty("level", name(statistic.level()));
                json.add(entry);
            }
        }
    }

    private static String name(Level level) {
        return level.name().toLowerCase(Locale.ROOT);
    }
}
