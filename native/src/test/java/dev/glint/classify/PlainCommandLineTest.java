package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.console.CommandSetup;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlainCommandLineTest {
    private static final List<String> VOCABULARY = List.of(
            "-m",
            "--model",
            "-k",
            "--top-k",
            "-t",
            "--threads",
            "--engine",
            "--json",
            "--debug",
            "-",
            "--",
            "-k2",
            "--engine=ort",
            "--csv",
            "1",
            "3",
            "010",
            "+2",
            "2147483648",
            "glint",
            "ort",
            "auto",
            "GLINT",
            "flower.png",
            "a folder",
            "");

    @Test
    void meansTheSameAsPicocli() {
        Random random = new Random(7);
        int read = 0;
        int left = 0;
        for (int i = 0; i < 20_000; i++) {
            String[] words = new String[random.nextInt(7)];
            Arrays.setAll(words, any -> VOCABULARY.get(random.nextInt(VOCABULARY.size())));
            Optional<ClassifyCommand> plain = PlainCommandLine.read(words, HelpPage.nowhere());
            if (plain.isPresent()) {
                read++;
                assertEquals(meaning(byPicocli(words)), meaning(plain.get()), () -> String.join(" ", words));
            } else {
                left++;
            }
        }
        assertTrue(read > 1000 && left > 1000, read + " read, " + left + " left");
    }

    @Test
    void readsWhatMostStartsHave() {
        String[] words = {"-m", "model", "--engine", "glint", "-k", "2", "-t", "3", "--json", "--debug", "a.png", "-"};

        ClassifyCommand plain = PlainCommandLine.read(words, HelpPage.nowhere()).orElseThrow();

        assertEquals(List.of("model", "glint", "2", "3", "true", "true", "[a.png, -]"), meaning(plain));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-V",
                "-m",
                "-m -k a.png",
                "-k x a.png",
                "-k -1 a.png",
                "--engine fast a.png",
                "-m a -m b a.png",
                "--json --json a.png",
                "--workers 2 a.png",
                "-mmodel a.png",
                "-- -a.png",
                "--jsn a.png"
            })
    void leavesToPicocliWhatIsRareOrWrong(String line) {
        assertEquals(Optional.empty(), PlainCommandLine.read(line.split(" "), HelpPage.nowhere()));
    }

    private static ClassifyCommand byPicocli(String[] words) {
        CommandLine commandLine = CommandSetup.prepare(Classify.commandLine(words, HelpPage.nowhere()))
                .setExpandAtFiles(false);
        commandLine.parseArgs(words);
        return commandLine.getCommand();
    }

    private static List<String> meaning(ClassifyCommand command) {
        return List.of(
                String.valueOf(command.model.model),
                command.more.engines.choice.toString(),
                Integer.toString(command.topK),
                Integer.toString(command.model.threads),
                Boolean.toString(command.common.json),
                Boolean.toString(command.common.debug),
                command.images.toString());
    }
}
