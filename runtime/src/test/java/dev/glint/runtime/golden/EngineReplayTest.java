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
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.model.Model;
import dev.glint.runtime.onnx.OnnxFile;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
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

    /** The tiny model with a golden sample whose first logit is off by so much. */
    private Path model(float error) throws IOException {
        byte[] picture = PngFile.of(SyntheticPictures.noise(8, 8, Mode.RGB));
        Path plain = TinyModel.write(folder.resolve("plain.onnx"));
        try (Classifier classifier = Classifier.open(plain)) {
            GoldenSample bytes = new GoldenSample("noise.png", picture, "0".repeat(64), new float[1]);
            float[] logits = classifier.logits(bytes.decode(classifier.contract()));
            logits[0] += error;
            String hash = GoldenSample.tensorSha256(bytes.decode(classifier.contract()), classifier.contract());
            GoldenSamples golden =
                    new GoldenSamples(1e-4, List.of(new GoldenSample("noise.png", picture, hash, logits)));
            return Files.write(
                    folder.resolve("golden.onnx"),
                    TinyModel.model()
                            .addMetadataProps(TinyModel.entry(GoldenSamples.METADATA_KEY, golden.toJson()))
                            .build()
                            .toByteArray());
        }
    }

    private List<EngineReplay> replay(Path model, Engine... engines) {
        return EngineReplay.all(model, Model.Options.defaults().withEngines(List.of(engines)));
    }

    @Test
    void everyEngineThatRunsTheModelReplays() throws IOException {
        List<EngineReplay> replays =
                replay(model(0), new Idle("picky", Optional.of("no Gemm")), ORT, new Idle("absent", Optional.empty()));

        assertEquals(
                List.of("picky", "ort", "absent"),
                replays.stream().map(EngineReplay::engine).toList());
        assertEquals(Optional.of("no Gemm"), replays.get(0).refusal());
        assertTrue(replays.get(1).holds());
        assertEquals(1, replays.get(1).results().size());
        assertTrue(replays.get(2).refusal().orElseThrow().contains("found no library"), replays::toString);
        EngineReplay.require(replays);
    }

    @Test
    void whatDiffersIsNamedWithItsEngine() throws IOException {
        List<EngineReplay> replays = replay(model(0.5f), ORT);

        GlintException failure = assertThrows(GlintException.class, () -> EngineReplay.require(replays));

        assertEquals(Reason.GATE, failure.reason());
        assertTrue(
                failure.getMessage()
                        .startsWith("found 1 of 1 golden samples that differ in ort (noise.png: the logit of red is "),
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
