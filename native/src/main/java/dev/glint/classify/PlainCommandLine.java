package dev.glint.classify;

import dev.glint.console.DebugOption;
import dev.glint.console.Streams;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the command lines that most starts have: pictures, and the few options that go with one picture, each once and with its value
 * behind it. picocli builds its model of all options before it looks at the first word, which takes a third of a start (2 of 6 ms); it
 * is left whatever is rare, misspelled or in need of an explanation. What both read means the same.
 */
final class PlainCommandLine {
    private static final int MAX_DIGITS = 6;

    private final String[] words;
    private final ClassifyCommand command;
    private final Set<String> options = new HashSet<>();
    private int at;

    private PlainCommandLine(String[] words, Streams streams) {
        this.words = words;
        this.command = new ClassifyCommand(streams);
    }

    /** The command with what was asked for, to be called; empty if picocli must see to it. */
    static Optional<ClassifyCommand> read(String[] words, Streams streams) {
        PlainCommandLine line = new PlainCommandLine(words, streams);
        for (; line.at < words.length; line.at++) {
            if (!line.take(words[line.at])) {
                return Optional.empty();
            }
        }
        return Optional.of(line.command);
    }

    private boolean take(String word) {
        return switch (word) {
            case "-m", "--model" -> isFirst("--model") && takeModel(value());
            case "-t", "--threads" -> isFirst("--threads") && takeThreads(number(value()));
            case "-k", "--top-k" -> isFirst("--top-k") && takeTopK(number(value()));
            case "--engine" -> isFirst(word) && takeEngine(value());
            case "--trust" -> isFirst(word) && takeTrust(value());
            case "--json" -> isFirst(word) && takeJson();
            case DebugOption.NAME -> isFirst(word) && takeDebug();
            default -> takePicture(word);
        };
    }

    private boolean isFirst(String option) {
        return options.add(option);
    }

    /** The word behind an option; empty if there is none that is surely its value. */
    private String value() {
        at++;
        return at < words.length && isPlain(words[at]) ? words[at] : "";
    }

    private static boolean isPlain(String word) {
        return !word.isEmpty() && word.charAt(0) != '-';
    }

    /** A number of plain digits; below 0 if it is none. */
    private static int number(String value) {
        int number = value.isEmpty() || value.length() > MAX_DIGITS ? -1 : 0;
        for (int i = 0; number >= 0 && i < value.length(); i++) {
            int digit = value.charAt(i) - '0';
            number = digit < 0 || digit > 9 ? -1 : 10 * number + digit;
        }
        return number;
    }

    private boolean takeModel(String value) {
        try {
            command.model.model = Path.of(value);
            return !value.isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private boolean takeTrust(String value) {
        try {
            command.model.trust.file = Path.of(value);
            return !value.isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private boolean takeThreads(int number) {
        command.model.threads = number;
        return number >= 0;
    }

    private boolean takeTopK(int number) {
        command.topK = number;
        return number >= 0;
    }

    private boolean takeEngine(String value) {
        for (EngineChoice choice : EngineChoice.values()) {
            if (choice.toString().equals(value)) {
                command.more.engines.choice = choice;
                return true;
            }
        }
        return false;
    }

    private boolean takeJson() {
        command.common.json = true;
        return true;
    }

    private boolean takeDebug() {
        command.common.debug = true;
        return true;
    }

    private boolean takePicture(String word) {
        command.images.add(word);
        return isPlain(word) || word.equals("-");
    }
}
