package dev.glint.runtime.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.engine.Engine;
import dev.glint.runtime.engine.EngineOptions;
import dev.glint.runtime.engine.Session;
import dev.glint.runtime.engine.Signature;
import dev.glint.runtime.engine.ort.OnnxRuntimeEngine;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineReplayTest {
    private static final Engine ORT = new OnnxRuntimeEngine();

    @TempDir
    private Path folder;

    /** An engine that runs nothing. */
    private record Idle(String name, Optional<String> refused) implements Engine {
        @Override
        public Optional<String> refusal(OnnxFile onnx, Signature signature) {
            return refused;
        }

        @Override
        public Session open(Path file, OnnxFile onnx, Signature signature, EngineOptions options) {
            throw GlintException.failure(Reason.INPUT, "no library", "one", "install it");
        }
    }

    private Path model(float error) throws IOException {
        return TinyModel.writeWithGolden(folder.resolve("golden.onnx"), error);
    }

    private List<EngineReplay> replay(Path model, Engine... engines) {
        return EngineReplay.all(model, Model.Options.defaults().withEngines(List.of(engines)));
    }

    @Test
    void everyEngineThatRunsTheModelReplays() throws IOException {
        Path model = model(0);

        List<EngineReplay> replays =
                replay(model, new Idle("picky", Optional.of("no Gemm")), ORT, new Idle("absent", Optional.empty()));

        assertEquals(
                List.of("picky", "ort", "absent"),
                replays.stream().map(EngineReplay::engine).toList());
        assertEquals(Optional.of("no Gemm"), replays.get(0).refusal());
        assertTrue(replays.get(1).holds());
        assertEquals(1, replays.get(1).results().size());
        assertTrue(replays.get(2).refusal().orElseThrow().contains("found no library"), replays::toString);
        EngineReplay.require(model, replays);
    }

    @Test
    void whatDiffersIsNamedWithItsEngine() throws IOException {
        Path model = model(0.5f);
        List<EngineReplay> replays = replay(model, ORT);

        GlintException failure = assertThrows(GlintException.class, () -> EngineReplay.require(model, replays));

        assertEquals(Reason.GATE, failure.reason());
        assertTrue(
                failure.getMessage()
                        .startsWith(model
                                + ": found 1 of 1 golden samples that differ in ort (noise.png: the logit of red is "),
                failure.getMessage());
    }

    @Test
    void thePreferredEngineMustBeThere() throws IOException {
        Path model = model(0);

        GlintException failure =
                assertThrows(GlintException.class, () -> replay(model, new Idle("absent", Optional.empty()), ORT));

        assertEquals(Reason.INPUT, failure.reason());
    }

    @Test
    void aModelThatNothingRunsIsRefused() throws IOException {
        Path model = model(0);

        GlintException failure =
                assertThrows(GlintException.class, () -> replay(model, new Idle("picky", Optional.of("no Gemm"))));

        assertEquals(Reason.MODEL, failure.reason());
        assertTrue(failure.getMessage().contains("picky: no Gemm"), failure.getMessage());
    }

    @Test
    void aModelWithoutSamplesIsRefused() throws IOException {
        Path plain = TinyModel.write(folder.resolve("plain.onnx"));

        GlintException failure = assertThrows(GlintException.class, () -> replay(plain, ORT));

        assertEquals(Reason.MODEL, failure.reason());
        assertTrue(
                failure.getMessage().startsWith(plain + ": found a model without golden samples"),
                failure.getMessage());
    }
}
