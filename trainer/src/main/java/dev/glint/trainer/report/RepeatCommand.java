package dev.glint.trainer.report;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.runtime.contract.DecodeRule;
import dev.glint.trainer.recipe.Hyperparameter;
import dev.glint.trainer.run.RunConfig;
import dev.glint.trainer.weights.PretrainedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The command line that repeats a run: every setting as an option, whatever presets may say by then. */
final class RepeatCommand {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,+@%-]+");

    /** The settings with a value that are options of the same name. */
    private static final List<String> VALUES =
            List.of("model", "data", "limit", "validation", "size", "normalize", "seed", "threads", "device");

    private RepeatCommand() {}

    /** The line, as a POSIX shell reads it. */
    static String line(RunConfig config) {
        JsonObject settings = JsonParser.parseString(config.toJson()).getAsJsonObject();
        List<String> words = new ArrayList<>(List.of("trainer", "fit"));
        VALUES.stream()
                .filter(name -> !settings.get(name).isJsonNull())
                .forEach(name -> add("--" + name, settings.get(name).getAsString(), words));
        DecodeRule decode = config.pictures().options().decode();
        add(
                "--decode",
                decode == DecodeRule.FULL ? null : settings.get("decode").getAsString(),
                words);
        add("--skip-broken", config.pictures().options().skipBroken(), words);
        add("--class-weights", config.pictures().options().classWeights(), words);
        PretrainedWeights weights = config.weights();
        add("--weights", weights == null ? null : weights.file(), words);
        PretrainedWeights floatRun = config.floatRun();
        add("--qat", floatRun == null ? null : floatRun.file().getParent(), words);
        for (Hyperparameter<?> setting : Hyperparameter.all()) {
            Object value = setting.plain(config.recipe());
            if (setting.negatable() && Boolean.FALSE.equals(value)) {
                words.add(setting.option().replaceFirst("--", "--no-"));
            } else if (weights != null || setting.group() != Hyperparameter.Group.FINE_TUNING) {
                add(setting.option(), value, words);
            }
        }
        return words.stream().map(RepeatCommand::quoted).collect(Collectors.joining(" "));
    }

    private static void add(String option, @Nullable Object value, List<String> words) {
        if (value != null && !Boolean.FALSE.equals(value)) {
            words.add(option);
            if (!Boolean.TRUE.equals(value)) {
                words.add(value.toString());
            }
        }
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
