package dev.glint.trainer.cli;

import dev.glint.runtime.FailureReport;
import dev.glint.runtime.GlintException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code trainer} command. */
@Command(
        name = "trainer",
        description = "Fits small image classifiers.",
        mixinStandardHelpOptions = true,
        versionProvider = Versions.class,
        subcommands = {
            FitCommand.class,
            EvalCommand.class,
            ReportCommand.class,
            FindLrCommand.class,
            BaselineCommand.class,
            DataCommand.class,
            HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:fine",
            "1:internal error",
            "2:an option or argument makes no sense",
            "3:an input is unreadable or invalid",
            "4:a model is invalid",
            "5:a gate failed, such as a loss that is no number",
            "6:a limit was exceeded",
            "130:interrupted"
        })
public final class TrainerCommand {

    TrainerCommand() {}

    /** Runs the command and returns its exit code. */
    public static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    /** The command, for completion scripts and tests as well. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new TrainerCommand());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler((failure, arguments) -> {
            PrintWriter err = failure.getCommandLine().getErr();
            err.println("error: " + failure.getMessage() + "; see "
                    + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            err.flush();
            return GlintException.Reason.USAGE.exitCode();
        });
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> FailureReport.print(
                failure, command.getErr(), parsed.originalArgs().contains(DebugOption.NAME)));
        return commandLine;
    }
}
