package dev.glint.classify;

import dev.glint.classify.bench.Bench;
import dev.glint.classify.bench.BenchReport;
import dev.glint.console.Streams;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code classify bench}: the variants of a model beside each other, on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        header = "Measures the variants of a model on this machine.",
        description =
                "Size, latency from the preprocessed tensor to the logits, first inference, session creation, peak "
                        + "memory, speed-up against fp32 and, with --data, accuracy.")
final class BenchCommand implements Callable<Integer> {
    private static final String COLD = "--cold";

    private final Streams streams;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "FILE|DIR",
            description = {
                "ONNX files, or model folders, of which every ONNX file is measured.",
                "Default: $GLINT_MODEL, else model/ beside the binary."
            })
    private List<Path> models = new ArrayList<>();

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads for one picture (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Mixin
    private OrtOptions ort = new OrtOptions();

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "200",
            description = "Counted runs of each variant (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "20",
            description = "Runs before them (default: ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Test pictures for the accuracy: a folder per class, named as its label.")
    private @Nullable Path data;

    @Option(names = COLD, hidden = true, description = "Be one of the fresh processes that are measured.")
    private boolean cold;

    @Parameters(
            arity = "0..1",
            paramLabel = "IMAGE",
            description = "The picture to classify (default: noise of the model's size).")
    private @Nullable Path image;

    @Mixin
    private CommonOptions common = new CommonOptions();

    BenchCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        if (runs < 1 || warmup < 0) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "--runs " + runs + " and --warmup " + warmup,
                    "1 or more runs after 0 or more",
                    "leave them out for 200 after 20");
        }
        if (models.isEmpty()) {
            models.add(ModelOptions.byDefault(streams.environment()));
        }
        Bench bench = new Bench(
                models,
                ModelOptions.runOptions(threads, ort, streams),
                new LatencyMeasurement(warmup, runs),
                Optional.ofNullable(image),
                Optional.ofNullable(data));
        if (cold) {
            streams.out().line(bench.cold());
            streams.out().flush();
            return 0;
        }
        BenchReport report = bench.measure(this::coldCommand, streams);
        if (common.json) {
            report.printJson(streams.out());
        } else {
            report.printForPeople(streams.out());
        }
        return 0;
    }

    private List<String> coldCommand(Path model) {
        List<String> command = new ArrayList<>(Installation.command());
        command.addAll(List.of(Verb.BENCH.word(), COLD, "--threads", Integer.toString(threads)));
        command.addAll(ort.words());
        command.add("--model=" + model);
        if (image != null) {
            command.addAll(List.of("--", image.toString()));
        }
        return command;
    }
}
