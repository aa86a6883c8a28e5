package dev.glint.trainer.cli;

import dev.glint.console.DebugOption;
import dev.glint.console.JsonText;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.engine.DeviceChoice;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.report.RunReport;
import dev.glint.trainer.run.Checkpoint;
import dev.glint.trainer.run.FitJob;
import dev.glint.trainer.run.FitListeners;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.run.RunFolder;
import dev.glint.trainer.run.TensorBoardLog;
import dev.glint.trainer.weights.PretrainedWeights;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
                    + " state.safetensors and report.html, a page that needs no network. Ctrl-C keeps the epochs that are done.",
            "",
            "A fit that was ended in any way, a power cut included, goes on with --resume behind the last epoch that was done."
                    + " On the CPU it ends with the bytes that it would have had."
        })
final class FitCommand implements Callable<Integer> {
    private static final Set<String> NOT_OF_RUN =
            Set.of("--run", "--resume", "--tensorboard", "--json", DebugOption.NAME);

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(names = "--run", paramLabel = "DIR", description = "run folder; default runs/NAME")
    private @Nullable Path run;

    @Option(names = "--force", description = "replace a run that is already there")
    private boolean force;

    @Option(
            names = "--resume",
            description = "go on after the last epoch that was done; other options may be left out, and must not differ"
                    + " from those of the run")
    private boolean resume;

    @Option(
            names = "--qat",
            paramLabel = "RUN",
            description = "quantisation-aware: go on from the best weights of a float run, with weights and activations"
                    + " rounded as exporter quantize rounds them, so that int8.onnx computes what is fitted here; network,"
                    + " pictures and augmentation are those of the run, the rest defaults to 2 epochs of adamw at 0.0001"
                    + " without decay")
    private @Nullable Path qat;

    @Mixin
    private HyperparameterOptions length = new HyperparameterOptions(Hyperparameter.Group.LENGTH);

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
        RunFolder floatRun = qat == null ? null : RunFolder.open(qat);
        Path folder = run != null ? run : floatRun == null ? options.folder() : beside(floatRun.config());
        if (resume && force) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "--force as well",
                            "one of both",
                            "go on with --resume, or begin anew with --force")
                    .about("--resume");
        }
        if (resume && (Checkpoint.isIn(folder) || !describesRun())) {
            RunConfig begun = Checkpoint.read(folder).config();
            Resumption.requireSame(folder, begun, options.over(begun, length));
            requireSameFloatRun(folder, begun, floatRun);
            DeviceChoice.Chosen device = options.device(begun, DeviceChoice.text(begun.device()));
            RunConfig config = begun.onDevice(device.device());
            Resumption.notes(begun, config.device(), Versions.ofRun())
                    .forEach(spec.commandLine().getErr()::println);
            return fit(
                    folder,
                    config,
                    Optional.empty(),
                    device.note(),
                    listener -> FitJob.resume(folder, config.device(), listener));
        }
        RunConfig asked = floatRun == null ? options.config(length) : options.quantizationAware(floatRun, length);
        DeviceChoice.Chosen device = options.device(asked);
        RunConfig config = asked.onDevice(device.device());
        return fit(
                folder,
                config,
                Optional.of(options.choice(config)),
                device.note(),
                listener -> FitJob.run(folder, force, config, listener));
    }

    /** The folder of a run that goes on from another one and that no one has named. */
    private static Path beside(RunConfig floatRun) {
        return Path.of("runs", floatRun.model().id() + "-qat");
    }

    private static void requireSameFloatRun(Path folder, RunConfig begun, @Nullable RunFolder asked)
            throws IOException {
        if (asked == null) {
            return;
        }
        PretrainedWeights weights = PretrainedWeights.describe(asked.path().resolve(RunFolder.BEST));
        if (begun.floatRun() == null || !begun.floatRun().sha256().equals(weights.sha256())) {
            throw GlintException.failure(
                            Reason.USAGE,
                            "--qat " + asked.path(),
                            begun.floatRun() == null
                                    ? "a fit in floats, as the run began"
                                    : "the weights of " + begun.floatRun().file() + " as the run began with",
                            "leave the option out to go on, or fit anew with --force")
                    .about(folder);
        }
    }

    /** Whether an option says what to fit, and not only where or how to talk about it. */
    private boolean describesRun() {
        return spec.commandLine().getParseResult().matchedOptionsSet().stream()
                .anyMatch(option -> !NOT_OF_RUN.contains(option.longestName()));
    }

    /** A fit, whole or what is left of it. */
    @FunctionalInterface
    private interface Job {
        RunFolder run(FitJob.Listener listener) throws IOException;
    }

    private int fit(Path folder, RunConfig config, Optional<String> choice, Optional<String> deviceNote, Job job)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Interruption interruption = new Interruption(err);
                FitReporter reporter =
                        new FitReporter(json ? err : out, err, config.recipe().epochs(), interruption);
                TensorBoardLog log = new TensorBoardLog(folder)) {
            choice.ifPresent(reporter::choiceAtStart);
            deviceNote.ifPresent(reporter::noteAtStart);
            interruption.keeping(() -> reporter.wayOn(folder));
            FitJob.Listener listener = tensorBoard ? new FitListeners(List.of(log, reporter)) : reporter;
            try {
                RunFolder fitted = job.run(listener);
                if (reporter.hasFitted() || Files.notExists(folder.resolve(RunFolder.REPORT))) {
                    RunReport.write(fitted, config.device(), reporter::noted);
                }
            } catch (Interruption.InterruptedWork e) {
                err.println("interrupted; " + reporter.wayOn(folder));
                err.flush();
                return Interruption.EXIT_CODE;
            }
            out.println(json ? JsonText.line(reporter.json(folder)) : reporter.summary(folder));
            out.flush();
        }
        return 0;
    }
}
