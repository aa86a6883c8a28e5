package dev.glint.trainer.cli;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.fit.Recipe;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.report.RunReport;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.RunConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trainer fit}. */
@Command(
        name = "fit",
        description = {
            "Fits a model to pictures and writes a run folder.",
            "",
            "Without options it fits the bar CNN to synthetic pictures of bars, in a few seconds."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "A run folder holds config.json, contract.json, metrics.jsonl (a line per epoch), best.safetensors"
                    + " (weights of the epoch with the best held-out accuracy), last.safetensors,"
                    + " state.safetensors and report.html, a page that needs no network. Ctrl-C keeps the epochs that are done."
        })
final class FitCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            paramLabel = "NAME",
            defaultValue = "bar-cnn",
            completionCandidates = ModelNames.class,
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
    private String model = "";

    @Option(names = "--data", paramLabel = "SPEC", description = DataSpec.KNOWN + "; bar-cnn takes bars by default")
    private @Nullable String data;

    @Option(names = "--run", paramLabel = "DIR", description = "run folder; default runs/NAME")
    private @Nullable Path run;

    @Option(names = "--force", description = "replace a run that is already there")
    private boolean force;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "how often each picture is seen; default 5 for bar-cnn, 40 for small-vgg")
    private @Nullable Integer epochs;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "use no more than the first N training and the first N held-out pictures")
    private @Nullable Integer limit;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "drives all randomness; default ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "pictures per step; default 32 for bar-cnn, 128 for small-vgg")
    private @Nullable Integer batchSize;

    @Option(
            names = "--lr",
            paramLabel = "RATE",
            description = "highest learning rate; default 0.003 for bar-cnn (Adam), 0.1 for small-vgg (SGD with"
                    + " Nesterov momentum, cosine)")
    private @Nullable Double learningRate;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "threads of the engine; default one per core, 1 for bar-cnn; sums round differently with another number")
    private @Nullable Integer threads;

    @Option(names = "--json", description = "print one JSON object in the end; the lines go to standard error")
    private boolean json;

    @Mixin
    private PictureOptions pictures = new PictureOptions();

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        RunConfig config = config();
        Path folder = run == null ? Path.of("runs", config.model().id()) : run;
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Interruption interruption = new Interruption();
                FitReporter reporter =
                        new FitReporter(json ? err : out, err, config.recipe().epochs(), interruption)) {
            try {
                RunReport.write(FitJob.run(folder, force, config, reporter));
            } catch (Interruption.InterruptedWork e) {
                err.println("interrupted; " + reporter.summary(folder));
                err.flush();
                return Interruption.EXIT_CODE;
            }
            out.println(json ? reporter.json(folder).toString() : reporter.summary(folder));
            out.flush();
        }
        return 0;
    }

    private RunConfig config() {
        Architecture architecture = Architecture.of(model);
        Recipe recipe = Recipe.defaultFor(architecture);
        return new RunConfig(
                architecture,
                DataSpec.parse(data == null ? defaultData(architecture) : data),
                limit == null ? null : Options.atLeastOne("--limit", limit),
                pictures.data(),
                new Recipe(
                        epochs == null ? recipe.epochs() : Options.atLeastOne("--epochs", epochs),
                        batchSize == null ? recipe.batchSize() : Options.atLeastOne("--batch-size", batchSize),
                        recipe.optimizer(),
                        learningRate == null ? recipe.learningRate() : Options.positive("--lr", learningRate),
                        recipe.weightDecay(),
                        recipe.decline(),
                        recipe.warmupEpochs(),
                        pictures.augmentations(recipe.augmentations())),
                seed,
                threads == null ? defaultThreads(architecture) : Options.threads(threads),
                Versions.ofRun());
    }

    /** The bar CNN's layers are too small to be shared: one thread is faster than two. */
    static int defaultThreads(Architecture architecture) {
        return architecture == Architecture.BAR_CNN ? 1 : Runtime.getRuntime().availableProcessors();
    }

    static String defaultData(Architecture architecture) {
        if (architecture == Architecture.BAR_CNN) {
            return "bars";
        }
        throw GlintException.of(
                Reason.USAGE,
                "no --data for " + architecture.id(),
                DataSpec.KNOWN,
                "name the pictures, as in --data cifar10:DIR");
    }
}
