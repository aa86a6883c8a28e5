package dev.glint.trainer.cli;

import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.Hyperparameter.Group;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The many options of {@code trainer fit} in its help: in sections by what they are about, and examples. */
final class OptionSections implements IHelpSectionRenderer {
    private record Section(String heading, String options, Group... groups) {
        boolean has(OptionSpec option) {
            return List.of(options.split(" ")).contains(option.longestName())
                    || Hyperparameter.all().stream()
                            .anyMatch(hyperparameter -> List.of(groups).contains(hyperparameter.group())
                                    && hyperparameter.option().equals(option.longestName()));
        }
    }

    private static final List<Section> SECTIONS = List.of(
            new Section(
                    "Pictures and model",
                    "--data --model --validation --limit --size --normalize --decode --skip-broken"),
            new Section("What happens to training pictures", "--class-weights", Group.AUGMENTATION),
            new Section("Recipe", "--preset", Group.RECIPE, Group.LENGTH),
            new Section("Fine-tuning", "--weights", Group.FINE_TUNING));

    private static final String EXAMPLES = """

            Examples:
              trainer fit
              trainer fit --data cifar10:cifar-10-batches-bin --model small-vgg --run runs/cifar
              trainer fit --data folder:flowers --model resnet18 --weights resnet18.pth
              trainer fit --run runs/cifar --resume
            """;

    /** Makes the help of a verb one of sections. */
    static void arrange(CommandLine verb) {
        verb.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, new OptionSections());
    }

    @Override
    public String render(Help help) {
        List<OptionSpec> left = new ArrayList<>(help.commandSpec().options());
        left.removeIf(OptionSpec::hidden);
        StringBuilder text = new StringBuilder();
        for (Section section : SECTIONS) {
            List<OptionSpec> options = left.stream().filter(section::has).toList();
            left.removeAll(options);
            append(text, section.heading(), options, help);
        }
        append(text, "Run", left, help);
        return text.append(EXAMPLES).toString();
    }

    private static void append(StringBuilder text, String heading, List<OptionSpec> options, Help help) {
        if (!options.isEmpty()) {
            Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
            layout.addOptions(options, help.parameterLabelRenderer());
            text.append('\n').append(heading).append(":\n").append(layout);
        }
    }
}
