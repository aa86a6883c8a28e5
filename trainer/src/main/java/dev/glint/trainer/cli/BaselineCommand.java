package dev.glint.trainer.cli;

import ai.djl.Device;
import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.baseline.BaselineResult;
import dev.glint.trainer.baseline.HogSvmJob;
import dev.glint.trainer.baseline.MlpJob;
import dev.glint.trainer.data.DataOptions;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.Normalization;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.recipe.Domain;
import dev.glint.trainer.report.RunReport;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trainer baseline}. */
@Command(
        name = "baseline",
        description = {
            "Fits a simple classifier to hold a network against.",
            "",
            "Its result is kept in a folder beside the runs; the reports of runs that were judged by the same"
                    + " pictures show it (see trainer report): those with the same --data and --limit and, where the seed"
                    + " draws the pictures (bars, or a folder that is not divided), the same --seed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BaselineCommand implements Callable<Integer> {
    private static final String HOG_ONLY = "--c";
    private static final String MLP_EPOCHS = "--epochs";
    private static final String MLP_THREADS = "--threads";

    /** The baselines. */
    enum Kind {
        HOG_SVM,
        MLP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Parameters(
            paramLabel = "KIND",
            description =
                    "hog-svm: histograms of oriented gradients (9 orientations, 8x8 cells, 2x2 blocks, L2-Hys) and"
                            + " a linear support vector machine; mlp: a network with one hidden layer and no convolution,"
                            + " whose folder is a run like any other")
    private Kind kind = Kind.HOG_SVM;

    @Option(names = "--data", paramLabel = "SPEC", required = true, description = DataSpec.KNOWN)
    private String data = "";

    @Option(names = "--run", paramLabel = "DIR", description = "folder of the result; default runs/KIND")
    private @Nullable Path run;

    @Option(names = "--force", description = "replace a result that is already there")
    private boolean force;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "use no more than the first N training and the first N held-out pictures")
    private @Nullable Integer limit;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "that of the run to compare with; default ${DEFAULT-VALUE}")
    private long seed;

    @Mixin
    private SplitOptions split = new SplitOptions();

    @Option(names = "--class-weights", description = "rare classes weigh more: n / (classes * n of the class)")
    private boolean classWeights;

    @Option(
            names = "--size",
            paramLabel = "PIXELS",
            description = "rows and columns of what the classifier sees; default 48 for hog-svm, 32 for mlp")
    private @Nullable Integer size;

    @Option(
            names = HOG_ONLY,
            paramLabel = "C",
            defaultValue = "0.0003",
            description = "hog-svm: price of a mistake against a wide margin; default ${DEFAULT-VALUE}")
    private double c;

    @Option(
            names = MLP_EPOCHS,
            paramLabel = "N",
            defaultValue = "10",
            description = "mlp: how often each picture is seen; default ${DEFAULT-VALUE}")
    private int epochs;

    @Option(names = MLP_THREADS, paramLabel = "N", description = "mlp: threads of the engine; default one per core")
    private @Nullable Integer threads;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Options.checked(HOG_ONLY, Domain.POSITIVE, c);
        Options.checked(MLP_EPOCHS, Domain.AT_LEAST_ONE, epochs);
        refuseOthers();
        Path folder = run == null ? Path.of("runs", kind.toString()) : run;
        Integer pictures = limit == null ? null : Options.checked("--limit", Domain.AT_LEAST_ONE, limit);
        DataOptions options = new DataOptions(
                split.validation(0), split.skipBroken(), classWeights, size(), new Normalization.Usual());
        PictureSelection selection = new PictureSelection(DataSpec.parse(data), pictures, options, seed);
        BaselineResult result = kind == Kind.HOG_SVM
                ? new HogSvmJob(selection, c)
                        .run(folder, force, spec.commandLine().getErr()::println)
                : fitMlp(selection, folder);
        spec.commandLine().getOut().println(json ? JsonText.line(result.toJson()) : line(result, folder));
        spec.commandLine().getOut().flush();
        return 0;
    }

    /** An option of the other kind would have no effect. */
    private void refuseOthers() {
        List<String> others = kind == Kind.HOG_SVM ? List.of(MLP_EPOCHS, MLP_THREADS) : List.of(HOG_ONLY);
        for (String option : others) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw GlintException.failure(
                                Reason.USAGE, "no use for it in " + kind, "options of that baseline", "leave it out")
                        .about(option);
            }
        }
    }

    private @Nullable Integer size() {
        int least = kind == Kind.HOG_SVM ? HogSvmJob.SMALLEST : 1;
        return size == null ? null : Integer.valueOf(Options.inRange("--size", size, least, DataOptions.MAX_SIZE));
    }

    private BaselineResult fitMlp(PictureSelection pictures, Path folder) throws IOException {
        int used = threads == null ? Runtime.getRuntime().availableProcessors() : Options.threads(threads);
        MlpJob job = new MlpJob(pictures, epochs, used, Versions.ofRun());
        try (Interruption interruption = new Interruption(spec.commandLine().getErr());
                FitReporter reporter = new FitReporter(
                        spec.commandLine().getErr(), spec.commandLine().getErr(), epochs, interruption)) {
            BaselineResult result = job.run(folder, force, reporter);
            RunReport.write(
                    RunFolder.open(folder), Device.cpu(), spec.commandLine().getErr()::println);
            return result;
        }
    }

    private static String line(BaselineResult result, Path folder) {
        return String.format(
                Locale.ROOT,
                "%s: %d of %d pictures right (%.2f %%), fitted to %d pictures in %.1f s; folder %s",
                result.name(),
                result.correct(),
                result.heldOutPictures(),
                100 * result.accuracy(),
                result.trainPictures(),
                result.seconds(),
                folder);
    }
}
