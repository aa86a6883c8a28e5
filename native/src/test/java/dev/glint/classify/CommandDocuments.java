package dev.glint.classify;

import dev.glint.console.CommandSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * What a package says about the command line, made from the command line itself: completion for bash and zsh, and manual
 * pages in AsciiDoc, one for each verb.
 */
final class CommandDocuments {
    /** zsh runs completions of bash; its own file names the command and leads to the other one. */
    private static final String ZSH = String.join(
            "\n",
            "#compdef classify",
            "autoload -U +X bashcompinit && bashcompinit",
            "(( $+functions[compopt] )) || compopt() { : }",
            "for completion in \"${${(%):-%x}:A:h}/classify.bash\" /usr/share/bash-completion/completions/classify; do",
            "    if [[ -r $completion ]]; then",
            "        source \"$completion\"",
            "        _bash_complete -o default -F _complete_classify",
            "        return",
            "    fi",
            "done",
            "");

    private CommandDocuments() {}

    /** Writes {@code completion/} and {@code man/} into the folder that is named. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        Path completion = Files.createDirectories(folder.resolve("completion"));
        // It is sourced and not run.
        String bash = AutoComplete.bash("classify", commandLine()).replaceFirst("^#!.*\n", "");
        Files.writeString(completion.resolve("classify.bash"), bash);
        Files.writeString(completion.resolve("_classify"), ZSH);
        Path manual = Files.createDirectories(folder.resolve("man"));
        int exitCode = ManPageGenerator.generateManPage(
                manual.toFile(), null, new boolean[0], true, commandLine().getCommandSpec());
        if (exitCode != 0) {
            throw new IOException("no manual pages: exit code " + exitCode);
        }
    }

    /** The command with all its verbs. */
    static CommandLine commandLine() {
        CommandLine command = Classify.whole(HelpPage.nowhere());
        command.getCommandSpec().versionProvider(new ClassifyVersion());
        return CommandSetup.prepare(command);
    }
}
