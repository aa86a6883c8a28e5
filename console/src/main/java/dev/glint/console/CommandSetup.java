package dev.glint.console;

import dev.glint.runtime.failure.GlintException.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** How all commands are set up: a failure is one line on standard error and an exit code. */
public final class CommandSetup {
    private CommandSetup() {}

    /** Sets up a command, together with the verbs it has by now, which tell its version. */
    public static CommandLine prepare(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.subcommands().values().forEach(verb -> verb.getCommandSpec().versionProvider(spec.versionProvider()));
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
            int exitCode = command.setOut(new PrintWriter(help))
                    .setErr(streams.err())
                    .setExecutionStrategy(new HelpOrVerb(streams.out()))
                    .execute(arguments);
            streams.out().printer().append(help.getBuffer()).flush();
            return exitCode;
        } catch (RuntimeException | Error e) {
            return FailureReport.print(e, streams.err(), List.of(arguments).contains(DebugOption.NAME));
        }
    }

    /**
     * Runs a command whose words were read already and returns its exit code.
     *
     * @param debug whether a failure comes with its stack trace
     */
    public static int call(Callable<Integer> command, Streams streams, boolean debug) {
        try {
            return command.call();
        } catch (Exception | Error e) {
            return FailureReport.print(e, streams.err(), debug);
        }
    }

    /** Prints a text and returns the exit code. */
    public static int print(String text, Streams streams) {
        try {
            streams.out().printer().append(text).flush();
            return 0;
        } catch (RuntimeException | Error e) {
            return FailureReport.print(e, streams.err(), false);
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

    /** What a verb prints goes out at once, unlike the help. */
    private record HelpOrVerb(Output out) implements IExecutionStrategy {
        @Override
        public int execute(ParseResult parsed) {
            Integer helped = CommandLine.executeHelpRequest(parsed);
            if (helped != null) {
                return helped;
            }
            parsed.commandSpec().commandLine().setOut(out.printer());
            return new RunLast().execute(parsed);
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
        String question = suggestion(failure, arguments)
                .map(word -> "; did you mean " + word + "?")
                .orElse(";");
        err.println("error: " + FailureReport.oneLine(message(failure)) + question + " see "
                + command.getCommandSpec().qualifiedName() + " --help");
        if (List.of(arguments).contains(DebugOption.NAME)) {
            failure.printStackTrace(err);
        }
        err.flush();
        return Reason.USAGE.exitCode();
    }

    private static Optional<String> suggestion(ParameterException failure, String[] arguments) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        if (failure instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched().stream().findFirst().flatMap(word -> known(word, command));
        }
        if (failure instanceof MissingParameterException) {
            // What is missing may stand there, misspelled.
            return Arrays.stream(arguments)
                    .filter(word -> word.startsWith("--") && command.findOption(name(word)) == null)
                    .findFirst()
                    .flatMap(word -> known(word, command));
        }
        return failure.getValue() == null
                ? Optional.empty()
                : Suggestion.nearest(failure.getValue(), choices(failure.getArgSpec()));
    }

    /** What was wrong; picocli's words for a value that is none of a few show how these are written in Java. */
    private static String message(ParameterException failure) {
        ArgSpec argument = failure.getArgSpec();
        String value = failure.getValue();
        List<String> choices = choices(argument);
        if (value == null || choices.isEmpty() || choices.stream().anyMatch(value::equalsIgnoreCase)) {
            return String.valueOf(failure.getMessage());
        }
        String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        return name + ": found '" + value + "', expected one of " + String.join(", ", choices);
    }

    private static List<String> choices(@Nullable ArgSpec argument) {
        List<String> choices = new ArrayList<>();
        if (argument != null && argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(choices::add);
        }
        return choices;
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
        return Suggestion.nearest(name(word), options);
    }

    /** The name of an option that may have its value behind it. */
    private static String name(String word) {
        return word.replaceFirst("=.*", "");
    }
}
