package dev.glint.trainer.cli;

import dev.glint.console.CommandSetup;
import dev.glint.console.Streams;
import java.util.Objects;
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
        return CommandSetup.execute(commandLine(), Streams.ofProcess(), arguments);
    }

    /** The command, for completion scripts and tests as well. */
    public static CommandLine commandLine() {
        CommandLine trainer = CommandSetup.prepare(new CommandLine(new TrainerCommand()));
        OptionSections.arrange(Objects.requireNonNull(trainer.getSubcommands().get("fit")));
        return trainer;
    }
}
