package dev.glint.runtime.golden;

import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.model.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What came of a model's golden samples in one engine.
 *
 * @param engine its name
 * @param refusal why it does not run the model here; empty if it does
 * @param results of each sample, in their order; empty if there is a refusal
 */
public record EngineReplay(String engine, Optional<String> refusal, List<GoldenResult> results) {
    public EngineReplay {
        results = List.copyOf(results);
        if (refusal.isPresent() != results.isEmpty()) {
            throw new IllegalArgumentException(refusal + " and " + results.size() + " results");
        }
    }

    /**
     * Replays the golden samples of a model file in every engine that runs it.
     *
     * @param options how the model runs, and the engines, the preferred one first
     * @return one per engine, in their order; at least one has results
     * @throws GlintException ({@code MODEL}) naming the file if it is no model, carries no golden samples, or no engine runs it;
     *     ({@code INPUT}) if the engine that is preferred for it cannot start
     */
    public static List<EngineReplay> all(Path file, Model.Options options) {
        return all(file, options, GoldenSamples.MAX_SAMPLES);
    }

    /**
     * The same, for who has no time to see all samples in all engines.
     *
     * @param others how many samples the engines behind the first one that runs the model replay at most, at least 1
     */
    public static List<EngineReplay> all(Path file, Model.Options options, int others) {
        ModelFile model = ModelFile.read(file, options.trust());
        try {
            GoldenSamples golden = GoldenSamples.carriedBy(model).orElseThrow(EngineReplay::none);
            List<EngineReplay> replays = new ArrayList<>();
            boolean replayed = false;
            for (Engine engine : options.engines()) {
                Optional<String> refusal = engine.refusal(model.onnx(), model.signature());
                EngineReplay replay = refusal.isPresent()
                        ? new EngineReplay(engine.name(), refusal, List.of())
                        : replay(model, replayed ? first(golden, others) : golden, engine, options, replayed);
                replayed |= replay.refusal().isEmpty();
                replays.add(replay);
            }
            if (!replayed) {
                model.open(options).close();
            }
            return List.copyOf(replays);
        } catch (GlintException e) {
            throw e.about(model.file());
        }
    }

    private static GoldenSamples first(GoldenSamples golden, int count) {
        return new GoldenSamples(
                golden.tolerance(),
                golden.samples().subList(0, Math.min(count, golden.samples().size())));
    }

    /** An engine that is not the preferred one may be absent: a device without ONNX Runtime needs none. */
    private static EngineReplay replay(
            ModelFile model, GoldenSamples golden, Engine engine, Model.Options options, boolean mayBeAbsent) {
        try (Model opened = model.open(options.withEngines(List.of(engine)));
                Classifier classifier = opened.newClassifier()) {
            return new EngineReplay(engine.name(), Optional.empty(), golden.replay(classifier));
        } catch (GlintException e) {
            if (!mayBeAbsent) {
                throw e;
            }
            return new EngineReplay(engine.name(), Optional.of(String.valueOf(e.getMessage())), List.of());
        }
    }

    private static GlintException none() {
        return GlintException.failure(
                Reason.MODEL,
                "a model without golden samples",
                "those that exporter export and exporter quantize write",
                "export it again");
    }

    /** Whether nothing differs; so it is if the engine does not run the model. */
    public boolean holds() {
        return results.stream().allMatch(GoldenResult::holds);
    }

    /**
     * Passes if nothing differs in any engine.
     *
     * @param file of the model
     * @throws GlintException ({@code GATE}) naming the file and saying in which engines what differs
     */
    public static void require(Path file, List<EngineReplay> replays) {
        List<String> differing = new ArrayList<>();
        for (EngineReplay replay : replays) {
            List<GoldenResult> wrong =
                    replay.results().stream().filter(result -> !result.holds()).toList();
            if (!wrong.isEmpty()) {
                differing.add(wrong.size() + " of " + replay.results().size() + " golden samples that differ in "
                        + replay.engine() + " (" + wrong.get(0).difference() + ")");
            }
        }
        if (!differing.isEmpty()) {
            throw GlintException.failure(
                            Reason.GATE,
                            String.join("; ", differing),
                            "what the model gave when it was exported",
                            "do not trust its answers here: replace the model file and the libraries by whole ones")
                    .about(file);
        }
    }
}
