package dev.glint.classify;

import dev.glint.classify.bench.Bench;
import dev.glint.classify.bench.BenchReport;
import dev.glint.classify.choice.LocalChoice;
import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.evaluate.LatencyMeasurement;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
                "Size, latency from the preprocessed tensor to the logits, first inference, session creation, a whole process, "
                        + "peak memory, speed-up against fp32 and, with --data, accuracy; and which to run here.")
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
    private EngineSettings engineSettings = new EngineSettings();

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

    @Option(
            names = "--max-drop",
            paramLabel = "POINTS",
            defaultValue = "0.5",
            description =
                    "Percentage points of accuracy that what is recommended may lose (default: ${DEFAULT-VALUE}).")
    private double maxDrop;

    @Option(
            names = "--save",
            description = {
                "Run what is recommended by default here: of this model folder, for this user.",
                "Kept in $XDG_CONFIG_HOME/glint or ~/.config/glint."
            })
    private boolean save;

    @Parameters(
            arity = "0..2",
            paramLabel = "MODEL|IMAGE",
            description =
                    "A model folder or ONNX file, as with --model; the picture to classify (default: noise of the model's "
                            + "size).")
    private List<Path> named = new ArrayList<>();

    @Mixin
    private TrustOption trust = new TrustOption();

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
        if (!(maxDrop >= 0) || maxDrop > 100) {
            throw GlintException.failure(
                    Reason.USAGE, "--max-drop " + maxDrop, "0 to 100 points", "leave it out for 0.5");
        }
        Optional<Path> image = image();
        if (models.isEmpty()) {
            models.add(ModelOptions.byDefault(streams.environment()));
        }
        requireSavable();
        // A whole test set is judged in the first one, and ONNX Runtime is through with it sooner.
        List<Engine> engines = new ArrayList<>(engineSettings.allEngines(streams));
        Collections.reverse(engines);
        Bench bench = new Bench(
                models,
                ModelOptions.options(threads, engines).withTrust(trust.key(streams)),
                new LatencyMeasurement(warmup, runs),
                image,
                Optional.ofNullable(data),
                maxDrop);
        if (cold) {
            streams.out().line(bench.cold());
            streams.out().flush();
            return 0;
        }
        BenchReport report = bench.measure((file, engine) -> coldCommand(file, engine, image), streams);
        if (common.json) {
            report.printJson(streams.out());
        } else {
            report.printForPeople(streams.out());
        }
        if (save) {
            save(report);
        }
        return 0;
    }

    /** Takes models out of what was named without an option; what remains is the picture. */
    private Optional<Path> image() {
        List<Path> images = new ArrayList<>(named);
        images.removeIf(path -> {
            boolean model = !cold && (Files.isDirectory(path) || path.toString().endsWith(".onnx"));
            return model && models.add(path);
        });
        if (images.size() > 1) {
            throw GlintException.failure(
                    Reason.USAGE, "the pictures " + images.get(0) + " and " + images.get(1), "one", "leave one out");
        }
        return images.stream().findFirst();
    }

    private void requireSavable() {
        if (save && (models.size() != 1 || !Files.isDirectory(models.get(0)))) {
            throw GlintException.failure(
                    Reason.USAGE,
                    "--save with " + (models.size() == 1 ? models.get(0) + ", no folder" : models.size() + " models"),
                    "one model folder, whose default it sets",
                    "name the folder alone");
        }
    }

    private void save(BenchReport report) {
        String name = report.recommendedFile().getFileName().toString();
        Path file = new LocalChoice(name, report.ortFrom()).save(models.get(0), streams.environment(), report.reason());
        streams.err()
                .println("note: "
                        + Text.printable(
                                name + " is the default for " + models.get(0) + " here, as " + file + " says"));
    }

    private List<String> coldCommand(Path model, String engine, Optional<Path> image) {
        List<String> command = new ArrayList<>(Installation.command());
        command.addAll(List.of(Verb.BENCH.word(), COLD, "--threads", Integer.toString(threads)));
        command.addAll(engineSettings.words(engine));
        command.add("--model=" + model);
        Path key = trust.file(streams.environment());
        if (key != null) {
            command.add(TrustOption.NAME + "=" + key);
        }
        image.ifPresent(picture -> command.addAll(List.of("--", picture.toString())));
        return command;
    }
}
