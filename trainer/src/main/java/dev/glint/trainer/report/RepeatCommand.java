package dev.glint.trainer.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.trainer.run.RunConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The command line that repeats a run: every setting as an option, whatever presets may say by then. */
final class RepeatCommand {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,+@%-]+");

    /** The options of settings that are written whatever they are, by the settings' names; null has no option. */
    private static final Map<String, String> VALUES = ordered(
            "model", "--model",
            "data", "--data",
            "limit", "--limit",
            "validation", "--validation",
            "size", "--size",
            "normalize", "--normalize",
            "seed", "--seed",
            "threads", "--threads",
            "device", "--device",
            "epochs", "--epochs",
            "batchSize", "--batch-size",
            "optimizer", "--optimizer",
            "learningRate", "--lr",
            "momentum", "--momentum",
            "weightDecay", "--weight-decay",
            "normBiasRate", "--norm-bias-rate",
            "clipNorm", "--clip-norm",
            "schedule", "--schedule",
            "warmupEpochs", "--warmup",
            "labelSmoothing", "--label-smoothing",
            "averageDecay", "--ema",
            "augmentations", "--augment");

    /** Options that are said or not. */
    private static final Map<String, String> FLAGS =
            ordered("skipBroken", "--skip-broken", "classWeights", "--class-weights");

    /** Options that are said, or said with {@code --no-}. */
    private static final Map<String, String> SWITCHES =
            ordered("decaysAll", "--decay-all", "whitening", "--whitening", "testFlip", "--test-flip");

    private RepeatCommand() {}

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /** The line, as a POSIX shell reads it. */
    static String line(RunConfig config) {
        JsonObject settings = JsonParser.parseString(config.toJson()).getAsJsonObject();
        settings.remove("recipe").getAsJsonObject().asMap().forEach(settings::add);
        List<String> words = new ArrayList<>(List.of("trainer", "fit"));
        VALUES.forEach((name, option) -> {
            JsonElement value = settings.get(name);
            if (value != null && !value.isJsonNull()) {
                words.add(option);
                words.add(value.getAsString());
            }
        });
        FLAGS.forEach((name, option) -> {
            if (settings.get(name).getAsBoolean()) {
                words.add(option);
            }
        });
        SWITCHES.forEach((name, option) ->
                words.add(settings.get(name).getAsBoolean() ? option : option.replaceFirst("--", "--no-")));
        JsonElement weights = settings.get("weights");
        if (!weights.isJsonNull()) {
            addTuning(settings, weights.getAsJsonObject(), words);
        }
        return words.stream().map(RepeatCommand::quoted).collect(Collectors.joining(" "));
    }

    private static void addTuning(JsonObject settings, JsonObject weights, List<String> words) {
        words.add("--weights");
        words.add(weights.get("file").getAsString());
        words.add("--freeze-backbone");
        words.add(settings.get("frozenEpochs").getAsString());
        JsonElement backbone = settings.get("backboneLearningRate");
        if (!backbone.isJsonNull()) {
            words.add("--backbone-lr");
            words.add(backbone.getAsString());
        }
        if (settings.get("frozenBatchNorm").getAsBoolean()) {
            words.add("--freeze-batch-norm");
        }
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
