package dev.glint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.trainer.augment.Augmentations;
import dev.glint.trainer.data.DataSpec;
import dev.glint.trainer.data.PictureSelection;
import dev.glint.trainer.model.Architecture;
import dev.glint.trainer.preset.Preset;
import dev.glint.trainer.recipe.FineTuning;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.recipe.OptimizerSettings;
import dev.glint.trainer.recipe.Recipe;
import dev.glint.trainer.recipe.RecipeDraft;
import dev.glint.trainer.recipe.Schedule;
import dev.glint.trainer.run.RunConfig;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class HyperparameterTest {
    private static final Recipe USUAL = Preset.COURSE.recipe(Architecture.SMALL_VGG);

    /** Nothing is as usual. */
    private static final Recipe OTHER = new Recipe(
            7,
            9,
            new OptimizerSettings(OptimizerSettings.Kind.ADAMW, 0.03, 0.7, 0.02, false, 3, 2),
            new Schedule(Schedule.curve("step=0.2:0.5"), 2.5),
            0.15,
            0.99,
            true,
            true,
            new FineTuning(3, 0.004, true),
            Augmentations.parse("rotate=15"));

    private static List<Hyperparameter<?>> all() {
        return Hyperparameter.all();
    }

    /** The usual recipe with one value of the other. */
    private static <T> Recipe changed(Hyperparameter<T> hyperparameter) {
        return USUAL.replacing(hyperparameter, hyperparameter.getter().apply(OTHER));
    }

    private static Map<String, Object> components(Record value) {
        Map<String, Object> components = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object part;
            try {
                part = component.getAccessor().invoke(value);
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
            boolean isPart = component.getType().isRecord()
                    && component.getType().getPackage().equals(Recipe.class.getPackage());
            if (isPart) {
                components((Record) part)
                        .forEach((name, leaf) -> components.put(component.getName() + "." + name, leaf));
            } else {
                components.put(component.getName(), part);
            }
        }
        return components;
    }

    @Test
    void eachComponentOfARecipeIsThatOfOneHyperparameter() {
        Map<String, Object> usual = components(USUAL);
        Set<String> known = new LinkedHashSet<>();
        for (Hyperparameter<?> hyperparameter : all()) {
            List<String> changes = new ArrayList<>();
            components(changed(hyperparameter)).forEach((name, value) -> {
                if (!Objects.equals(value, usual.get(name))) {
                    changes.add(name);
                }
            });
            assertEquals(1, changes.size(), hyperparameter.name() + " changes " + changes);
            assertTrue(known.add(changes.get(0)), changes + " twice");
        }
        assertEquals(usual.keySet(), known);
    }

    @ParameterizedTest
    @MethodSource("all")
    void aConfigurationKeepsIt(Hyperparameter<?> hyperparameter) {
        RunConfig usual = config(USUAL);
        RunConfig config = config(changed(hyperparameter));
        assertEquals(config, RunConfig.fromJson(config.toJson()));

        List<String> lines = new ArrayList<>(config.toJson().lines().toList());
        lines.removeAll(usual.toJson().lines().toList());
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("    \"" + hyperparameter.name() + "\": "), lines.get(0));
    }

    @ParameterizedTest
    @MethodSource("all")
    void aConfigurationWithoutItIsRefused(Hyperparameter<?> hyperparameter) {
        String json = config(OTHER).toJson();
        String field = "\"" + hyperparameter.name() + "\": ";
        String none = json.replaceFirst(field + "[^\n]*[^\n,]", field + "null");
        assertNotEquals(json, none);
        if (hyperparameter.domain().optional()) {
            assertEquals(none, RunConfig.fromJson(none).toJson());
        } else {
            assertThrows(GlintException.class, () -> RunConfig.fromJson(none));
        }
        String renamed = json.replace(field, "\"x\": ");
        GlintException failure = assertThrows(GlintException.class, () -> RunConfig.fromJson(renamed));
        assertTrue(failure.getMessage().contains("no field " + hyperparameter.name()), failure.getMessage());
    }

    private static RunConfig config(Recipe recipe) {
        return RunConfig.fromScratch(
                Architecture.SMALL_VGG, PictureSelection.whole(DataSpec.parse("bars"), 1), recipe, 1, Map.of());
    }

    @ParameterizedTest
    @MethodSource("all")
    void itsOptionPutsItIntoARecipe(Hyperparameter<?> hyperparameter) {
        Object value = hyperparameter.plain(OTHER);
        List<String> words = new ArrayList<>();
        if (value instanceof Boolean) {
            words.add(
                    (Boolean) value
                            ? hyperparameter.option()
                            : hyperparameter.option().replace("--", "--no-"));
        } else {
            words.addAll(List.of(hyperparameter.option(), String.valueOf(value)));
        }
        assertEquals(changed(hyperparameter), asked(hyperparameter, words));
        assertEquals(USUAL, asked(hyperparameter, List.of()));

        CommandLine fit = TrainerCommand.commandLine().getSubcommands().get("fit");
        assertEquals(
                hyperparameter.help(),
                fit.getCommandSpec().findOption(hyperparameter.option()).description()[0]);
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsOutOfItsRangeIsRefusedEverywhere(Hyperparameter<?> hyperparameter) {
        if (hyperparameter.domain().form() == Boolean.class) {
            return;
        }
        GlintException failure = assertThrows(
                GlintException.class, () -> asked(hyperparameter, List.of(hyperparameter.option() + "=-1")));
        assertEquals(Reason.USAGE, failure.reason());
        assertTrue(failure.getMessage().contains(hyperparameter.domain().text()), failure.getMessage());
        String json = config(OTHER).toJson();
        String field = "\"" + hyperparameter.name() + "\": ";
        String wrong = json.replaceFirst(field + "[^\n]*[^\n,]", field + "-1");
        assertThrows(GlintException.class, () -> RunConfig.fromJson(wrong));
    }

    private static Recipe asked(Hyperparameter<?> hyperparameter, List<String> words) {
        HyperparameterOptions options = new HyperparameterOptions(hyperparameter.group());
        CommandSpec command = CommandSpec.create();
        options.addTo(command);
        new CommandLine(command).parseArgs(words.toArray(String[]::new));
        RecipeDraft draft = new RecipeDraft(USUAL);
        options.applyTo(draft);
        return new Recipe(draft);
    }
}
