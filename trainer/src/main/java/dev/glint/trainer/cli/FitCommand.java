package dev.glint.trainer.cli;

import dev.glint.trainer.report.RunReport;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.FitListeners;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.TensorBoardLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
    @Mixin
    private RunOptions options = new RunOptions();

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
            names = "--lr",
            paramLabel = "RATE",
            description = "highest learning rate; default 0.003 for bar-cnn (Adam), 0.1 for small-vgg (SGD with"
                    + " Nesterov momentum, cosine)")
    private @Nullable Double learningRate;

    @Option(
            names = "--tensorboard",
            description =
                    "write event files for TensorBoard as well, epoch by epoch, into the folder tensorboard of the"
                            + " run")
    private boolean tensorBoard;

    @Option(names = "--json", description = "print one JSON object in the end; the lines go to standard error")
    private boolean json;

    @Mixin
    private DebugOption debug = new DebugOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        RunConfig config = options.config(epochs, learningRate);
        Path folder = run == null ? Path.of("runs", config.model().id()) : run;
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Interruption interruption = new Interruption();
                FitReporter reporter =
                        new FitReporter(json ? err : out, err, config.recipe().epochs(), interruption);
                TensorBoardLog log = new TensorBoardLog(folder, config)) {
            FitJob.Listener listener = tensorBoard ? new FitListeners(List.of(log, reporter)) : reporter;
            try {
                RunReport.write(FitJob.run(folder, force, config, listener));
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
}
