package dev.glint.exporter.bench;

import dev.glint.console.Text;
import dev.glint.trainer.report.ComparisonReport;
import dev.glint.trainer.report.WilsonInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What was measured, as text for people, Markdown, CSV and a page. */
public record BenchTable(String model, List<BenchMachine> machines) {
    private static final String UNKNOWN = "-";

    /** A column: its name, and its cell for an entry. */
    private record Column(String name, Cell cell) {}

    private interface Cell {
        Optional<String> text(BenchMachine machine, BenchEntry entry);
    }

    private static final List<Column> COLUMNS = List.of(
            new Column("variant", (machine, entry) -> Optional.of(machine.name(entry))),
            new Column("bytes", (machine, entry) -> Optional.of(Long.toString(entry.bytes()))),
            new Column(
                    "accuracy %",
                    (machine, entry) -> entry.accuracy().map(accuracy -> fixed(100 * accuracy.share(), 2))),
            new Column("95 % interval", (machine, entry) -> interval(entry).map(WilsonInterval::toString)),
            new Column(
                    "drop points", (machine, entry) -> machine.dropPoints(entry).map(drop -> fixed(drop, 2))),
            new Column("p50 ms", (machine, entry) -> millis(entry.latency().p50Nanos())),
            new Column("p95 ms", (machine, entry) -> millis(entry.latency().p95Nanos())),
            new Column("p99 ms", (machine, entry) -> millis(entry.latency().p99Nanos())),
            new Column(
                    "runs",
                    (machine, entry) ->
                            Optional.of(Integer.toString(entry.latency().runs()))),
            new Column("first ms", (machine, entry) -> millis(entry.firstInferenceNanos())),
            new Column("session ms", (machine, entry) -> millis(entry.sessionCreationNanos())),
            new Column(
                    "process ms",
                    (machine, entry) -> entry.processNanos().isPresent()
                            ? millis(entry.processNanos().getAsLong())
                            : Optional.empty()),
            new Column(
                    "memory MB",
                    (machine, entry) -> entry.peakResidentBytes().isPresent()
                            ? Optional.of(fixed(entry.peakResidentBytes().getAsLong() / 1e6, 1))
                            : Optional.empty()),
            new Column("pictures/s", (machine, entry) -> Optional.of(fixed(entry.picturesPerSecond(), 0))),
            new Column(
                    "mJ",
                    (machine, entry) -> entry.microjoulesPerPicture().isPresent()
                            ? Optional.of(fixed(entry.microjoulesPerPicture().getAsDouble() / 1000, 3))
                            : Optional.empty()));

    private static Optional<WilsonInterval> interval(BenchEntry entry) {
        return entry.accuracy().map(a -> WilsonInterval.estimate(a.correct(), a.pictures()));
    }

    private static Optional<String> millis(long nanos) {
        return Optional.of(fixed(nanos / 1e6, nanos < 1_000_000 ? 3 : 2));
    }

    private static String fixed(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** Those that some entry has. */
    private List<Column> columns() {
        return COLUMNS.stream()
                .filter(column -> machines.stream()
                        .anyMatch(machine -> machine.entries().stream()
                                .anyMatch(entry ->
                                        column.cell().text(machine, entry).isPresent())))
                .toList();
    }

    private static List<String> row(List<Column> columns, BenchMachine machine, BenchEntry entry, String unknown) {
        return columns.stream()
                .map(column -> column.cell().text(machine, entry).orElse(unknown))
                .toList();
    }

    private List<String> head() {
        return columns().stream().map(Column::name).toList();
    }

    private List<List<String>> rows(BenchMachine machine) {
        return machine.entries().stream()
                .map(entry -> row(columns(), machine, entry, UNKNOWN))
                .toList();
    }

    /** A table for each machine. */
    public String toText() {
        return sections(machine -> {
            List<List<String>> table = new ArrayList<>(List.of(head()));
            table.addAll(rows(machine));
            return String.join("\n", Text.table(table));
        });
    }

    /** The same in Markdown. */
    public String toMarkdown() {
        return sections(machine -> {
            List<String> lines = new ArrayList<>();
            lines.add(markdown(head()));
            lines.add("|" + " --- |".repeat(head().size()));
            rows(machine).forEach(row -> lines.add(markdown(row)));
            return String.join("\n", lines);
        });
    }

    private static String markdown(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |"));
    }

    private String sections(Function<BenchMachine, String> table) {
        return machines.stream()
                .map(machine -> "## " + Text.printable(machine.name()) + "\n\n" + table.apply(machine) + "\n\n"
                        + machine.notes().stream().map(Text::printable).collect(Collectors.joining("\n")) + "\n")
                .collect(Collectors.joining("\n"));
    }

    /** A line per entry, with a head (RFC 4180); what is not known is empty. */
    public String toCsv() {
        StringBuilder csv = new StringBuilder("machine");
        COLUMNS.forEach(column -> csv.append(',').append(csv(column.name())));
        csv.append("\n");
        for (BenchMachine machine : machines) {
            for (BenchEntry entry : machine.entries()) {
                csv.append(csv(machine.name()));
                row(COLUMNS, machine, entry, "").forEach(cell -> csv.append(',').append(csv(cell)));
                csv.append("\n");
            }
        }
        return csv.toString();
    }

    private static String csv(String cell) {
        return cell.matches("[^\",\\r\\n]*") ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }

    /** A page with accuracy over latency. */
    public ComparisonReport toPage() {
        return new ComparisonReport(
                "Variants of " + model,
                machines.size() == 1 ? "on " + machines.get(0).name() : "on " + machines.size() + " machines",
                machines.stream().map(this::section).toList(),
                "Latency is from the preprocessed tensor to the logits, warm, variants in turns. Session and first inference are those"
                        + " of a fresh process on a device, of a fresh session here.");
    }

    private ComparisonReport.Machine section(BenchMachine machine) {
        List<ComparisonReport.Point> points = new ArrayList<>();
        for (BenchEntry entry : machine.entries()) {
            interval(entry)
                    .ifPresent(interval -> points.add(new ComparisonReport.Point(
                            machine.name(entry),
                            entry.latency().p50Nanos() / 1e6,
                            entry.accuracy().orElseThrow().share(),
                            interval.low(),
                            interval.high())));
        }
        return new ComparisonReport.Machine(machine.name(), machine.notes(), points, head(), rows(machine));
    }
}
