package dev.glint.trainer.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.RecipeDraft;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** The options of a group of hyperparameters. */
final class HyperparameterOptions {
    private final Hyperparameter.Group group;
    private final Map<Hyperparameter<?>, OptionSpec> options = new LinkedHashMap<>();

    HyperparameterOptions(Hyperparameter.Group group) {
        this.group = group;
    }

    @Spec
    void addTo(CommandSpec command) {
        for (Hyperparameter<?> hyperparameter : Hyperparameter.all()) {
            if (hyperparameter.group() == group) {
                OptionSpec option = OptionSpec.builder(hyperparameter.option())
                        .type(hyperparameter.domain().form())
                        .paramLabel(hyperparameter.label())
                        .negatable(hyperparameter.negatable())
                        .description(hyperparameter.help())
                        .build();
                command.addOption(option);
                options.put(hyperparameter, option);
            }
        }
    }

    /** The options that are given. */
    List<String> given() {
        return options.values().stream()
                .filter(option -> option.getValue() != null)
                .map(OptionSpec::longestName)
                .toList();
    }

    /**
     * What is asked for, in its range or not; null for nothing.
     *
     * @throws GlintException ({@code USAGE}) if it cannot be read
     */
    <T> @Nullable T value(Hyperparameter<T> hyperparameter) {
        OptionSpec option = options.get(hyperparameter);
        if (option == null || option.getValue() == null) {
            return null;
        }
        try {
            return hyperparameter.domain().parser().apply(option.getValue().toString());
        } catch (IllegalArgumentException e) {
            throw Options.usage(
                            option.longestName(),
                            String.valueOf(e.getMessage()),
                            hyperparameter.domain().text())
                    .causedBy(e);
        }
    }

    /**
     * Puts what is asked for into a draft.
     *
     * @throws GlintException ({@code USAGE}) naming an option that makes no sense, and its range
     */
    void applyTo(RecipeDraft draft) {
        options.keySet().forEach(hyperparameter -> apply(hyperparameter, draft));
    }

    private <T> void apply(Hyperparameter<T> hyperparameter, RecipeDraft draft) {
        T value = value(hyperparameter);
        if (value != null) {
            draft.set(hyperparameter, Options.checked(hyperparameter.option(), hyperparameter.domain(), value));
        }
    }
}
