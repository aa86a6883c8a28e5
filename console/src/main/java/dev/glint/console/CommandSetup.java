package dev.glint.console;

import dev.glint.runtime.failure.GlintException.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How all commands are set up: a failure is one line on standard error and an exit code. */
public final class CommandSetup {
    private CommandSetup() {}

    /** Sets up a command, together with the verbs it has by now. */
    public static CommandLine prepare(CommandLine command) {
        return command.setCaseInsensitiveEnumValuesAllowed(true)
                // Colors would depend on what a JDK takes for a terminal.
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .registerConverter(Path.class, new PathConverter())
                .setParameterExceptionHandler(new Handler())
                .setExecutionExceptionHandler(new Handler());
    }

    /** Runs a command and returns its exit code. */
    public static int execute(CommandLine command, Streams streams, String... arguments) {
        try {
            // What picocli prints itself: where its help could not be written, it would show a stack trace.
            StringWriter help = new StringWriter();
            int exitCode =
                    command.setOut(new PrintWriter(help)).setErr(streams.err()).execute(arguments);
            streams.out().printer().append(help.getBuffer()).flush();
            return exitCode;
        } catch (RuntimeException | Error e) {
            return FailureReport.print(e, streams.err(), List.of(arguments).contains(DebugOption.NAME));
        }
    }

    // Classes, because the builder of a native image refuses to keep lambdas of interfaces that picocli initializes
    // later.

    /** An empty path would be the current folder, which nobody means who leaves a variable of a script empty. */
    private static final class PathConverter implements ITypeConverter<Path> {
        @Override
        public Path convert(String text) {
            if (text.isEmpty()) {
                throw new TypeConversionException("found nothing, expected a path");
            }
            return Path.of(text);
        }
    }

    private static final class Handler implements IParameterExceptionHandler, IExecutionExceptionHandler {
        @Override
        public int handleParseException(ParameterException failure, String[] arguments) {
            return misused(failure, arguments);
        }

        @Override
        public int handleExecutionException(Exception failure, CommandLine verb, ParseResult parsed) {
            return FailureReport.print(
                    failure, verb.getErr(), parsed.originalArgs().contains(DebugOption.NAME));
        }
    }

    private static int misused(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        String question =
                suggestion(failure).map(word -> "; did you mean " + word + "?").orElse(";");
        err.println("error: " + FailureReport.oneLine(String.valueOf(failure.getMessage())) + question + " see "
                + command.getCommandSpec().qualifiedName() + " --help");
        if (List.of(arguments).contains(DebugOption.NAME)) {
            failure.printStackTrace(err);
        }
        err.flush();
        return Reason.USAGE.exitCode();
    }

    private static Optional<String> suggestion(ParameterException failure) {
        if (failure instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched().stream()
                    .findFirst()
                    .flatMap(word -> known(word, failure.getCommandLine().getCommandSpec()));
        }
        if (failure.getArgSpec() == null
                || failure.getValue() == null
                || failure.getArgSpec().completionCandidates() == null) {
            return Optional.empty();
        }
        List<String> choices = new ArrayList<>();
        failure.getArgSpec().completionCandidates().forEach(choices::add);
        return Suggestion.nearest(failure.getValue(), choices);
    }

    /** The option or verb that a word was to be. */
    private static Optional<String> known(String word, CommandSpec command) {
        if (!word.startsWith("-")) {
            return Suggestion.nearest(word, command.subcommands().keySet());
        }
        List<String> options = command.options().stream()
                .filter(option -> !option.hidden())
                .map(option -> option.longestName())
                .toList();
        return Suggestion.nearest(word.replaceFirst("=.*", ""), options);
    }
}
