package dev.glint.exporter.cli;

import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.exporter.bench.BenchJson;
import dev.glint.exporter.bench.BenchMachine;
import dev.glint.exporter.bench.BenchTable;
import dev.glint.exporter.bench.DeviceJson;
import dev.glint.exporter.job.BenchJob;
import dev.glint.runtime.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code exporter bench}. */
@Command(
        name = "bench",
        description = {
            "Measures the variants of a model here, beside what classify bench --json measured on devices.",
            "",
            "All variants take turns, after a warm-up that lasts until their latencies are steady."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BenchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "MODEL", description = "model folder, or an ONNX file")
    private Path model = Path.of("");

    @Option(
            names = "--data",
            paramLabel = "DIR|RUN",
            description = "what accuracy is measured with: a folder per class, or a run, which stands for its held-out"
                    + " pictures")
    private @Nullable Path data;

    @Option(
            names = "--threads",
            paramLabel = "N",
            split = ",",
            defaultValue = "1",
            description = "threads for one picture, several as in 1,2; default ${DEFAULT-VALUE}")
    private List<Integer> threads = new ArrayList<>();

    @Option(
            names = "--device-json",
            paramLabel = "FILE",
            arity = "1..*",
            description = "what classify bench --json printed on devices")
    private List<Path> devices = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "write bench.html, bench.md, bench.csv and bench.json there")
    private @Nullable Path out;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        BenchJob job = new BenchJob(model, Optional.ofNullable(data), threads).requireSense();
        // Before a measurement that takes its time.
        List<BenchMachine> machines =
                new ArrayList<>(devices.stream().map(DeviceJson::read).toList());
        return Reporter.run(spec.commandLine(), listener -> {
            machines.add(0, job.run(listener));
            BenchTable table = new BenchTable(
                    model.toAbsolutePath().normalize().getFileName().toString(), machines);
            String object = JsonText.line(BenchJson.write(table));
            if (out != null) {
                AtomicFile.write(out.resolve("bench.json"), object + "\n");
                AtomicFile.write(out.resolve("bench.csv"), table.toCsv());
                AtomicFile.write(out.resolve("bench.md"), table.toMarkdown());
                table.toPage().write(out.resolve("bench.html"));
            }
            return json ? object : table.toText() + (out == null ? "" : "\nwritten to " + out);
        });
    }
}
