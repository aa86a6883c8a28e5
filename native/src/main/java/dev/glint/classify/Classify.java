package dev.glint.classify;

import dev.glint.console.CommandSetup;
import dev.glint.console.Streams;
import dev.glint.runtime.engine.ort.OnnxRuntime;
import java.util.Arrays;
import java.util.Optional;
import org.graalvm.nativeimage.VMRuntime;
import picocli.CommandLine;

/** The {@code classify} command. */
public final class Classify {
    private Classify() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        // First: what is opened next could take the place of a standard input that is closed.
        Streams streams = Streams.ofProcess();
        if (NativeBinary.RUNNING) {
            // What the image would do by itself if it took options for itself: handlers of signals, among others.
            VMRuntime.initialize();
        } else {
            OnnxRuntime.keepQuiet();
        }
        System.exit(run(args, streams));
    }

    /** Runs the command. */
    static int run(String[] args, Streams streams) {
        Optional<String> help = isHelp(args) ? HelpPage.laidOut() : Optional.empty();
        if (help.isPresent()) {
            return CommandSetup.print(help.get(), streams);
        }
        Optional<Verb> verb = Verb.first(args);
        Optional<ClassifyCommand> plain = verb.isPresent() ? Optional.empty() : PlainCommandLine.read(args, streams);
        if (plain.isPresent()) {
            return CommandSetup.call(plain.get(), streams, plain.get().common.debug);
        }
        CommandLine command = verb.map(v -> verb(v, streams)).orElseGet(() -> commandLine(args, streams));
        command.getCommandSpec().versionProvider(new ClassifyVersion());
        String[] rest = verb.isPresent() ? Arrays.copyOfRange(args, 1, args.length) : args;
        return CommandSetup.execute(CommandSetup.prepare(command).setExpandAtFiles(false), streams, rest);
    }

    private static boolean isHelp(String[] args) {
        return args.length == 1 && (args[0].equals("--help") || args[0].equals("-h"));
    }

    private static CommandLine verb(Verb verb, Streams streams) {
        return new CommandLine(verb.command(streams)).setCommandName("classify " + verb.word());
    }

    /** The verbs, and what few ask for, join only when they are meant: building their models would cost each start some milliseconds. */
    static CommandLine commandLine(String[] args, Streams streams) {
        ClassifyCommand command = new ClassifyCommand(streams);
        CommandLine commandLine = new CommandLine(command);
        boolean help = false;
        boolean more = false;
        for (String arg : args) {
            help |= arg.equals("--help") || arg.equals("-h");
            more |= arg.startsWith("--") && commandLine.getCommandSpec().findOption(name(arg)) == null;
        }
        if (help || more) {
            commandLine.addMixin("more", command.more);
        }
        if (help) {
            for (Verb verb : Verb.values()) {
                commandLine.addSubcommand(verb.word(), verb.title());
            }
        }
        return commandLine;
    }

    /** All of it, for who writes about it. */
    static CommandLine whole(Streams streams) {
        ClassifyCommand command = new ClassifyCommand(streams);
        CommandLine commandLine = new CommandLine(command).addMixin("more", command.more);
        for (Verb verb : Verb.values()) {
            commandLine.addSubcommand(verb.word(), verb.command(streams));
        }
        return commandLine;
    }

    private static String name(String option) {
        int end = option.indexOf('=');
        return end < 0 ? option : option.substring(0, end);
    }
}
