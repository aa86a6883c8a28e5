package dev.glint.classify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.console.Versions;
import dev.glint.runtime.golden.EngineReplay;
import dev.glint.runtime.golden.GoldenResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code classify selftest}: whether this machine gives what the model gave when it was exported. */
@Command(
        name = "selftest",
        mixinStandardHelpOptions = true,
        header = "Says whether this machine answers as the one that the model was made on.",
        description =
                "Replays the pictures that the model carries with every engine that runs it: the tensors must be the same, bit for "
                        + "bit, the logits within what other arithmetic may change.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:nothing differs",
            "4:an invalid model, or one without golden samples",
            "5:something differs, and standard output says what"
        })
final class SelftestCommand implements Callable<Integer> {
    private static final int DIGITS = 6;

    private final Streams streams;

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Mixin
    private EngineSettings engineSettings = new EngineSettings();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(arity = "0..1", paramLabel = "MODEL", description = "The model, as with --model.")
    private @Nullable Path named;

    SelftestCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() {
        Path file = model.file(Optional.ofNullable(named), streams);
        List<EngineReplay> replays = EngineReplay.all(file, model.everyEngine(engineSettings, streams));
        if (common.json) {
            streams.out().line(json(file, replays));
        } else {
            lines(file, replays).forEach(streams.out()::line);
        }
        streams.out().flush();
        EngineReplay.require(file, replays);
        return 0;
    }

    private static List<String> lines(Path file, List<EngineReplay> replays) {
        List<String> lines = new ArrayList<>();
        lines.add(file.toString());
        for (EngineReplay replay : replays) {
            if (replay.refusal().isPresent()) {
                lines.add(replay.engine() + ": does not run it, "
                        + replay.refusal().get().replace(file + ": ", ""));
                continue;
            }
            long holding = replay.results().stream().filter(GoldenResult::holds).count();
            lines.add(replay.engine() + ": " + holding + " of "
                    + replay.results().size() + " golden samples hold" + farthest(replay));
            replay.results().stream()
                    .filter(result -> !result.holds())
                    .forEach(result -> lines.add("  " + result.difference()));
        }
        return lines;
    }

    private static String farthest(EngineReplay replay) {
        return replay.results().stream()
                .flatMap(result -> result.farthest().stream())
                .max(Comparator.comparingDouble(GoldenResult.Logit::distance))
                .map(logit -> ", no logit is more than " + Text.shortest(logit.distance(), 2) + " off ("
                        + Text.shortest(replay.results().get(0).tolerance(), 2) + " may be)")
                .orElse("");
    }

    private static JsonObject json(Path file, List<EngineReplay> replays) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", "glint.selftest/1");
        json.addProperty("model", file.getFileName().toString());
        json.addProperty("version", Versions.glint());
        json.addProperty("holds", replays.stream().allMatch(EngineReplay::holds));
        JsonArray engines = new JsonArray();
        for (EngineReplay replay : replays) {
            JsonObject engine = new JsonObject();
            engine.addProperty("engine", replay.engine());
            replay.refusal().ifPresent(reason -> engine.addProperty("refusal", reason));
            if (replay.refusal().isEmpty()) {
                engine.addProperty("holds", replay.holds());
                JsonArray samples = new JsonArray();
                replay.results().forEach(result -> samples.add(json(result)));
                engine.add("samples", samples);
            }
            engines.add(engine);
        }
        json.add("engines", engines);
        return json;
    }

    private static JsonObject json(GoldenResult result) {
        JsonObject json = new JsonObject();
        json.addProperty("sample", result.sample());
        json.addProperty("holds", result.holds());
        json.addProperty("tolerance", result.tolerance());
        json.addProperty("expectedTensor", result.expectedTensor());
        result.foundTensor().ifPresent(tensor -> json.addProperty("foundTensor", tensor));
        result.farthest().ifPresent(logit -> {
            json.addProperty("label", logit.label());
            json.addProperty("expected", Text.rounded(logit.expected(), DIGITS));
            json.addProperty("found", Text.rounded(logit.found(), DIGITS));
            json.addProperty("distance", Text.rounded(logit.distance(), DIGITS));
        });
        result.failure().ifPresent(failure -> json.addProperty("failure", failure.getMessage()));
        return json;
    }
}
