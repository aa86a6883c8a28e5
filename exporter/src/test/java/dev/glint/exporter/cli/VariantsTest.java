package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.folder.Manifest;
import dev.glint.exporter.folder.Variant;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.onnx.quantize.plan.Profile;
import dev.glint.onnx.quantize.plan.QuantizationPlan.Head;
import dev.glint.onnx.testing.OnnxChecker;
import dev.glint.runtime.model.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code exporter quantize --variants}. */
class VariantsTest {
    @TempDir
    private Path temporary;

    @Test
    void variantsAreCheckedMeasuredAndInTheManifest() throws IOException {
        Path model = temporary.resolve("model");
        Path run = BarRun.get().path();
        assertEquals(0, CommandRun.of("export", run, "--out", model).exitCode());
        List<String> names = Profile.all(Head.FLOAT).stream().map(Profile::name).toList();
        CommandRun quantize = CommandRun.of(
                "quantize", model, "--calibration", run, "--samples", 60, "--variants", String.join(",", names));
        assertEquals(0, quantize.exitCode(), quantize.err());
        assertFalse(quantize.err().contains("left out"), quantize.err());
        Manifest manifest = Manifest.fromJson(Files.readString(model.resolve(ModelFolder.MANIFEST)));
        Variant fp32 = manifest.variant(ModelFolder.FP32).orElseThrow();
        for (String name : names) {
            Profile profile = Profile.named(name, Head.FLOAT).orElseThrow();
            Path file = model.resolve(profile.file());
            OnnxChecker.check(Files.readAllBytes(file));
            Variant variant = manifest.variant(profile.file()).orElseThrow(() -> new AssertionError(profile.name()));
            assertEquals(Variant.sha256(file), variant.sha256());
            assertEquals(profile.scheme(), variant.quantization().orElseThrow().scheme());
            assertTrue(variant.dropPoints(fp32).orElseThrow() <= 1, profile.name());
            assertTrue(variant.agreement().orElseThrow().isClose(), profile.name());
            assertTrue(variant.quantization()
                            .orElseThrow()
                            .integers()
                            .orElseThrow()
                            .coverage()
                            .weights()
                            .total()
                    > 0);
        }
        assertTrue(share(manifest, "int8-s8s8.onnx") > 0.5, "as ARM computes it");
        assertEquals(1, share(manifest, "int8-dynamic.onnx"));
        assertEquals(0, share(manifest, "int8-weights.onnx"));
        Variant byDefault = manifest.variant(manifest.byDefault().file()).orElseThrow();
        assertTrue(byDefault.speedUp(fp32) >= 1, "what is slower is never the default");
    }

    private static double share(Manifest manifest, String file) {
        return manifest.variant(file)
                .flatMap(Variant::quantization)
                .flatMap(Variant.Quantization::integers)
                .map(integers -> integers.coverage().multiplyAdds().ratio())
                .orElseThrow();
    }

    @Test
    void unknownVariantIsNamedWithThoseThatThereAre() {
        CommandRun run = CommandRun.of("quantize", temporary, "--calibration", temporary, "--variants", "int4");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("int4") && run.err().contains("int8-s8s8"), run.err());
        assertEquals(Optional.empty(), Profile.named("int4", Head.FLOAT));
        assertEquals(8, List.copyOf(Profile.all(Head.FLOAT)).size());
    }
}
