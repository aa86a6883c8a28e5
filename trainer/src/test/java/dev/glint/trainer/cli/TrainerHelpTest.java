package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.trainer.model.Architecture;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

class TrainerHelpTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return TrainerCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void theOptionsOfFitStandInSections() {
        assertEquals(0, run("fit", "--help"));

        String help = out.toString();
        int at = 0;
        for (String heading : List.of(
                "Pictures and model:",
                "--data",
                "What happens to training pictures:",
                "--augment",
                "Recipe:",
                "--epochs",
                "Fine-tuning:",
                "--weights",
                "Run:",
                "--resume",
                "Examples:",
                "trainer fit --data folder:flowers")) {
            int next = help.indexOf(heading, at);
            assertTrue(next > 0, heading + " in " + help);
            at = next;
        }
        // The synopsis names each option too; below it none is forgotten or told twice.
        String below = help.substring(help.indexOf("Pictures and model:"), help.indexOf("Examples:"));
        CommandLine fit = TrainerCommand.commandLine().getSubcommands().get("fit");
        fit.getCommandSpec()
                .options()
                .forEach(option -> assertEquals(
                        2,
                        (below + " ")
                                .split(
                                        "(?m)^ +(-\\w, )?(--\\[no-\\]|" + "--)"
                                                + option.longestName().substring(2) + "\\b(?!-)",
                                        -1)
                                .length,
                        option.longestName()));
    }

    @Test
    void theExamplesAreCommandsWithModelsThatThereAre() {
        run("fit", "--help");
        List<String> examples = out.toString()
                .lines()
                .filter(line -> line.startsWith("  trainer "))
                .map(line -> line.strip().substring("trainer ".length()))
                .toList();
        assertEquals(4, examples.size());
        for (String example : examples) {
            ParseResult parsed = TrainerCommand.commandLine().parseArgs(example.split(" "));
            String model = parsed.subcommand().matchedOptionValue("--model", "bar-cnn");
            assertEquals(model, Architecture.named(model).id());
        }
    }

    @Test
    void misspelledWordsAreGuessed() {
        assertEquals(2, run("fti"));
        assertEquals(2, run("fit", "--modle", "small-vgg"));
        assertEquals(2, run("fit", "--model", "smallvgg", "--data", "bars"));
        assertEquals(2, run("fit", "--preset", "curse"));

        List<String> lines = err.toString().lines().toList();
        assertTrue(lines.get(0).endsWith("; did you mean fit? see trainer --help"), lines.get(0));
        assertTrue(lines.get(1).endsWith("; did you mean --model? see trainer fit --help"), lines.get(1));
        assertTrue(lines.get(2).endsWith("; did you mean small-vgg?"), lines.get(2));
        assertTrue(lines.get(3).contains("; did you mean course? see trainer fit --help"), lines.get(3));
    }
}
