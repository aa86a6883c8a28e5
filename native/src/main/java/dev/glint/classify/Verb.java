package dev.glint.classify;

import dev.glint.console.Streams;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What {@code classify} does besides classifying: the word behind it, as in {@code classify bench}. */
enum Verb {
    BENCH(BenchCommand::new),
    DECODE(DecodeCommand::new),
    DRIFT(DriftCommand::new),
    INFO(InfoCommand::new),
    SELFTEST(SelftestCommand::new),
    SERVE(ServeCommand::new);

    private final Function<Streams, Object> command;

    Verb(Function<Streams, Object> command) {
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

    /** A command object with picocli's annotations. */
    Object command(Streams streams) {
        return command.apply(streams);
    }

    /** The verb that a command line begins with. */
    static Optional<Verb> first(String[] args) {
        return Arrays.stream(values())
                .filter(verb -> args.length > 0 && verb.word().equals(args[0]))
                .findFirst();
    }
}
