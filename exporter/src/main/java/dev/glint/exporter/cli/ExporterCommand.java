package dev.glint.exporter.cli;

import dev.glint.console.CommandSetup;
import dev.glint.console.Streams;
import dev.glint.console.Versions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The {@code exporter} command. */
@Command(
        name = "exporter",
        description = "Turns fitted models into ONNX files for a device.",
        mixinStandardHelpOptions = true,
        versionProvider = ExporterCommand.VersionProvider.class,
        subcommands = {
            ExportCommand.class,
            ImportCommand.class,
            QuantizeCommand.class,
            GoldenCommand.class,
            BenchCommand.class,
            DriftCommand.class,
            BundleCommand.class,
            SignCommand.class,
            VerifyCommand.class,
            InspectCommand.class,
            HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:fine",
            "1:internal error",
            "2:an option or argument makes no sense",
            "3:an input is unreadable or invalid",
            "4:a model is invalid or does not fit its contract",
            "5:a gate failed: answers differ, nothing became integers, accuracy dropped",
            "6:a limit was exceeded",
            "130:interrupted"
        })
public final class ExporterCommand {

    ExporterCommand() {}

    /** Runs the command and returns its exit code. */
    public static int run(String... arguments) {
        return CommandSetup.execute(commandLine(), Streams.ofProcess(), arguments);
    }

    /** The command, for completion scripts and tests as well. */
    public static CommandLine commandLine() {
        return CommandSetup.prepare(new CommandLine(new ExporterCommand()));
    }

    /** Prints the version. */
    static final class VersionProvider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"exporter " + Versions.glint()};
        }
    }
}
