package dev.glint.trainer.cli;

import dev.glint.console.FailureReport;
import dev.glint.runtime.failure.GlintException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** How the workstation's commands are set up: a failure is one line on standard error and an exit code. */
public final class Commands {
    private Commands() {}

    /** Sets up a command with its verbs. */
    public static CommandLine of(Object command) {
        return new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, arguments) -> misused(failure))
                .setExecutionExceptionHandler((failure, verb, parsed) -> FailureReport.print(
                        failure, verb.getErr(), parsed.originalArgs().contains(DebugOption.NAME)));
    }

    private static int misused(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("error: " + failure.getMessage().replaceAll("\\s*\\R\\s*", " ") + "; see "
                + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return GlintException.Reason.USAGE.exitCode();
    }
}
