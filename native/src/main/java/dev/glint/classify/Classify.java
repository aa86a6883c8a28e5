package dev.glint.classify;

import dev.glint.console.FailureReport;
import dev.glint.console.Output;
import dev.glint.console.Streams;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.OnnxRuntime;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.ParameterException;

/** The {@code classify} command. */
public final class Classify {
    static final String DEBUG = "--debug";
    private static final int INTERRUPTED = 130;

    private Classify() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        OnnxRuntime.keepQuiet();
        System.exit(run(args, Streams.ofProcess()));
    }

    /** Runs the command. */
    static int run(String[] args, Streams streams) {
        boolean debug = Arrays.asList(args).contains(DEBUG);
        try {
            Installation.useLibraries();
            return execute(args, streams, debug);
        } catch (RuntimeException | Error e) {
            return failed(e, streams, debug);
        }
    }

    private static int execute(String[] args, Streams streams, boolean debug) {
        Optional<Verb> verb = Verb.of(args);
        CommandLine commandLine = verb.map(v -> verb(v, streams)).orElseGet(() -> classify(args, streams));
        String[] rest = verb.isPresent() ? Arrays.copyOfRange(args, 1, args.length) : args;
        StringWriter help = new StringWriter();
        commandLine.getCommandSpec().versionProvider(new Version());
        int exitCode = commandLine
                .setExpandAtFiles(false)
                // Colors would depend on what a JDK takes for a terminal.
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .setOut(new PrintWriter(help))
                .setParameterExceptionHandler((e, all) -> misused(e, streams, debug))
                .setExecutionExceptionHandler((e, command, result) -> failed(e, streams, debug))
                .execute(rest);
        help.toString().lines().forEach(streams.out()::line);
        streams.out().flush();
        return exitCode;
    }

    private static CommandLine verb(Verb verb, Streams streams) {
        return new CommandLine(verb.command(streams)).setCommandName("classify " + verb.word());
    }

    /** The verbs join only when help is asked for: building their models would cost each start some milliseconds. */
    private static CommandLine classify(String[] args, Streams streams) {
        CommandLine commandLine = new CommandLine(new ClassifyCommand(streams));
        if (Arrays.stream(args).anyMatch(arg -> arg.equals("--help") || arg.equals("-h"))) {
            for (Verb verb : Verb.values()) {
                commandLine.addSubcommand(verb.word(), verb.command(streams));
            }
        }
        return commandLine;
    }

    private static int misused(ParameterException e, Streams streams, boolean debug) {
        String command = e.getCommandLine().getCommandName();
        streams.err()
                .println("error: " + e.getMessage().replaceAll("\\s*\\R\\s*", " ") + "; see " + command + " --help");
        if (debug) {
            e.printStackTrace(streams.err());
        }
        return Reason.USAGE.exitCode();
    }

    private static int failed(Throwable failure, Streams streams, boolean debug) {
        if (failure instanceof Output.ReaderGone) {
            return INTERRUPTED;
        }
        if (failure instanceof OutOfMemoryError) {
            GlintException limit = GlintException.failure(
                    Reason.LIMIT, "too little memory", "room for the picture and the model", "use smaller ones");
            return FailureReport.print(limit.causedBy(failure), streams.err(), debug);
        }
        return FailureReport.print(failure, streams.err(), debug);
    }
}
