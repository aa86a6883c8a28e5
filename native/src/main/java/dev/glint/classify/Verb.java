package dev.glint.classify;

import dev.glint.console.Streams;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** What {@code classify} does besides classifying: the word behind it, as in {@code classify bench}. */
enum Verb {
    BENCH(BenchCommand.class, BenchCommand::new),
    DECODE(DecodeCommand.class, DecodeCommand::new),
    DRIFT(DriftCommand.class, DriftCommand::new),
    INFO(InfoCommand.class, InfoCommand::new),
    SELFTEST(SelftestCommand.class, SelftestCommand::new),
    SERVE(ServeCommand.class, ServeCommand::new);

    private final Class<?> type;
    private final Function<Streams, Object> command;

    Verb(Class<?> type, Function<Streams, Object> command) {
        this.type = type;
        this.command = command;
    }

    /** The word that names it on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Those of all verbs. */
    static List<String> words() {
        return Arrays.stream(values()).map(Verb::word).toList();
    }

    /** Its line in the help of the whole command, for a fraction of what its model costs. */
    CommandSpec title() {
        CommandSpec title = CommandSpec.create();
        Command words = type.getAnnotation(Command.class);
        if (words != null) {
            title.usageMessage().header(words.header());
        }
        return title;
    }

    /** A command object with picocli's annotations. */
    Object command(Streams streams) {
        return command.apply(streams);
    }

    /** The verb that a command line begins with. */
    static Optional<Verb> first(String[] args) {
        for (Verb verb : values()) {
            if (args.length > 0 && verb.word().equals(args[0])) {
                return Optional.of(verb);
            }
        }
        return Optional.empty();
    }
}
