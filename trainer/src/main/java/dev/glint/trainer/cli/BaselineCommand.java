package dev.glint.trainer.cli;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.trainer.baseline.BaselineResult;
import dev.glint.trainer.baseline.HogSvmJob;
import dev.glint.trainer.baseline.MlpJob;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.report.RunReport;
import dev.glint.trainer.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
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
                    + " pictures show it (see trainer report)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class BaselineCommand implements Callable<Integer> {
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

    @Option(
            names = "--side",
            paramLabel = "PIXELS",
            defaultValue = "48",
            description = "hog-svm: what the shorter side of a picture becomes before it is described; default"
                    + " ${DEFAULT-VALUE}")
    private int side;

    @Option(
            names = "--c",
            paramLabel = "C",
            defaultValue = "0.0003",
            description = "hog-svm: price of a mistake against a wide margin; default ${DEFAULT-VALUE}")
    private double c;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "10",
            description = "mlp: how often each picture is seen; default ${DEFAULT-VALUE}")
    private int epochs;

    @Option(names = "--threads", paramLabel = "N", description = "mlp: threads of the engine; default one per core")
    private @Nullable Integer threads;

    @Option(names = "--json", description = "print a JSON object")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Options.positive("--c", c);
        if (side < HogSvmJob.SMALLEST) {
            throw GlintException.of(
                            Reason.USAGE,
                            Integer.toString(side),
                            HogSvmJob.SMALLEST + " or more, a block of cells",
                            "correct the option")
                    .about("--side");
        }
        Path folder = run == null ? Path.of("runs", kind.toString()) : run;
        Options.atLeastOne("--epochs", epochs);
        Integer pictures = limit == null ? null : Options.atLeastOne("--limit", limit);
        DataSpec pictureData = DataSpec.parse(data);
        BaselineResult result = kind == Kind.HOG_SVM
                ? new HogSvmJob(pictureData, pictures, seed, side, c).run(folder, force)
                : fitMlp(pictureData, pictures, folder);
        spec.commandLine().getOut().println(json ? result.toJson() : line(result, folder));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private BaselineResult fitMlp(DataSpec pictureData, @Nullable Integer pictures, Path folder) throws IOException {
        int used =
                threads == null ? Runtime.getRuntime().availableProcessors() : Options.atLeastOne("--threads", threads);
        MlpJob job = new MlpJob(pictureData, pictures, seed, epochs, used, Versions.ofRun());
        try (Interruption interruption = new Interruption();
                FitReporter reporter = new FitReporter(
                        spec.commandLine().getErr(), spec.commandLine().getErr(), epochs, interruption)) {
            BaselineResult result = job.run(folder, force, reporter);
            RunReport.write(RunFolder.open(folder));
            return result;
        }
    }

    private static String line(BaselineResult result, Path folder) {
        return String.format(
                Locale.ROOT,
                "%s: %d of %d held-out pictures right (%.2f %%), fitted to %d pictures in %.1f s; folder %s",
                result.name(),
                result.correct(),
                result.heldOutPictures(),
                100 * result.accuracy(),
                result.trainPictures(),
                result.seconds(),
                folder);
    }
}
