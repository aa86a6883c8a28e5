package dev.glint.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandDocumentsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        CommandDocuments.main(new String[] {folder.toString()});
    }

    @Test
    void everyVerbHasItsManualPageAndEveryOptionIsInIt() throws IOException {
        CommandLine command = CommandDocuments.commandLine();
        List<String> pages = new ArrayList<>(List.of("classify.adoc"));
        assertDocumented("classify.adoc", command);
        for (String verb : Verb.words()) {
            String page = "classify-" + verb + ".adoc";
            pages.add(page);
            assertDocumented(page, command.getSubcommands().get(verb));
        }
        try (Stream<Path> files = Files.list(folder.resolve("man"))) {
            assertEquals(
                    pages.stream().sorted().toList(),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void thePageThatIsPrintedAtOnceIsTheOneThatWouldBeLaidOut() {
        assertEquals(HelpPage.layOut(), HelpPage.laidOut().orElseThrow());
        assertTrue(HelpPage.layOut().contains("--watch"), "options that join for help are on it");
    }

    private void assertDocumented(String page, CommandLine command) throws IOException {
        String text = Files.readString(folder.resolve("man").resolve(page));
        assertTrue(text.contains(":doctype: manpage\n"), text);
        for (OptionSpec option : command.getCommandSpec().options()) {
            String dashes = option.negatable() ? "--[no-]" : "--";
            String name = "*" + option.longestName().replaceFirst("^--", dashes) + "*";
            assertEquals(!option.hidden(), text.contains(name), page + ": " + name);
        }
    }

    @Test
    void bashCompletesVerbsAndOptions() throws IOException, InterruptedException {
        assertEquals(Verb.words().stream().sorted().toList(), completed("classify", ""));
        for (String verb : Verb.words()) {
            Collection<String> names = new ArrayList<>();
            for (OptionSpec option : CommandDocuments.commandLine()
                    .getSubcommands()
                    .get(verb)
                    .getCommandSpec()
                    .options()) {
                if (!option.hidden() && option.longestName().startsWith("--")) {
                    names.add(option.longestName());
                }
            }
            assertEquals(names.stream().sorted().toList(), completed("classify", verb, "--"));
        }
    }

    /** What bash offers in place of the last word. */
    private List<String> completed(String... words) throws IOException, InterruptedException {
        String script = "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
                + "_complete_classify classify \"${COMP_WORDS[COMP_CWORD]}\"; printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> command = new ArrayList<>(List.of(
                "bash",
                "-c",
                script,
                "bash",
                folder.resolve("completion/classify.bash").toString()));
        command.addAll(List.of(words));
        Process bash;
        try {
            bash = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return Assumptions.abort("needs bash");
        }
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        bash.waitFor();
        return said.lines().filter(line -> !line.isEmpty()).sorted().toList();
    }
}
