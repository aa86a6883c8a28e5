package dev.glint.exporter.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.folder.Variant.Quantization;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.exporter.verify.Agreement;
import dev.glint.exporter.verify.IntegerCoverage;
import dev.glint.exporter.verify.IntegerCoverage.Share;
import dev.glint.onnx.quantize.Decisions;
import dev.glint.onnx.quantize.Decisions.CorrectionTrial;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    private static final Optional<String> TEST_SET = Optional.of("dd".repeat(32));
    private static final Variant.Integers INTEGERS = new Variant.Integers(
            new IntegerCoverage(
                    new Share(12, 15), new Share(1_140_000, 1_142_560), new Share(152_000_000, 153_000_000), 2),
            Map.of("it belongs to the head", List.of("pool", "fc")));
    private static final Decisions DECISIONS = new Decisions(
            "mse",
            Map.of("mse", 30.5),
            List.of(new CorrectionTrial("bias-correction", 30.5, 31.75, true)),
            OptionalDouble.of(31.75));
    private static final Variant FP32 = new Variant(
            "fp32.onnx",
            "aa".repeat(32),
            4_567_890,
            Optional.empty(),
            Optional.of(new Tested("cifar10 held-out, seed 1", TEST_SET, new Accuracy(9_123, 10_000))),
            Optional.empty(),
            new Latency(200, 3_000_000, 3_100_000, 3_200_000));
    private static final Variant INT8 = new Variant(
            "int8.onnx",
            "bb".repeat(32),
            1_234_567,
            Optional.of(new Quantization(
                    "qdq-u8-s8-per-channel",
                    "mse",
                    "cifar10 training",
                    500,
                    1,
                    "float",
                    Optional.of(INTEGERS),
                    Optional.of(DECISIONS))),
            Optional.of(new Tested("cifar10 held-out, seed 1", TEST_SET, new Accuracy(9_110, 10_000))),
            Optional.of(new Agreement(100, "cifar10 held-out, seed 1", 99, 31.25)),
            new Latency(200, 900_000, 950_000, 1_000_000));
    private static final Variant OTHER = new Variant(
            "int8-entropy.onnx",
            "cc".repeat(32),
            1_234_567,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new Latency(200, 1_000_000, 1_000_000, 1_000_000));
    private static final Manifest MANIFEST = new Manifest(
            "1.2.3",
            new Host("a CPU", 2, "Linux amd64", "17.0.15", "1.28.0"),
            new DefaultVariant("int8.onnx", "it is 3.33 times as fast"),
            List.of(OTHER, INT8, FP32),
            Optional.empty());

    /** Written once by hand from the fields' documentation; a difference is a change of the format. */
    @Test
    void jsonIsAsDocumented() throws IOException {
        try (InputStream golden = ManifestTest.class.getResourceAsStream("manifest.json")) {
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), MANIFEST.toJson());
        }
        assertEquals(MANIFEST, Manifest.fromJson(MANIFEST.toJson()));
    }

    /** As of before it was said what is computed in integers. */
    @Test
    void manifestsThatDoNotSayWhatIsIntegerAreRead() {
        String json = MANIFEST.toJson();
        String old = json.replaceFirst("(?s),\\s*\"integers\": \\{.*?(?=\\s*},\\s*\"accuracy\")", "");
        assertFalse(old.contains("floatNodes") || old.equals(json), old);
        Manifest read = Manifest.fromJson(old);
        assertTrue(read.variant("int8.onnx")
                .orElseThrow()
                .quantization()
                .orElseThrow()
                .integers()
                .isEmpty());
    }

    @Test
    void manifestsOfOlderBuildsNameNoDefault() {
        String old = MANIFEST.toJson()
                .replace("  \"default\": \"int8.onnx\",\n", "")
                .replaceAll("(?s) *\"agreement\": (null|\\{.*?\\}),\n", "");
        assertFalse(old.contains("default\"") || old.contains("agreement"), old);
        assertEquals("int8.onnx", Manifest.fromJson(old).byDefault().file());
    }

    @Test
    void defaultIsTheSmallOneIfItIsGoodAndFaster() {
        Agreement close = new Agreement(100, "x", 99, 31.25);
        assertEquals("int8.onnx", DefaultVariant.choose(FP32, INT8, close).file());
        assertEquals(
                "fp32.onnx",
                DefaultVariant.choose(FP32, INT8, new Agreement(100, "x", 89, 31))
                        .file());
        assertEquals(
                "fp32.onnx",
                DefaultVariant.choose(FP32, INT8, new Agreement(100, "x", 99, 11))
                        .file());
        DefaultVariant slower = DefaultVariant.choose(INT8, FP32, close);
        assertEquals("int8.onnx", slower.file());
        assertEquals("fp32 is no faster here, 0.30 times as fast", slower.reason());
    }

    @Test
    void dropIsKnownOnlyForTheSameTest() {
        assertEquals(0.13, INT8.dropPoints(FP32).orElseThrow(), 1e-9);
        assertTrue(OTHER.dropPoints(FP32).isEmpty());
        Variant elsewhere = new Variant(
                "int8.onnx",
                INT8.sha256(),
                1,
                Optional.empty(),
                Optional.of(new Tested("other", TEST_SET, new Accuracy(1, 10_000))),
                Optional.empty(),
                INT8.latency());
        assertTrue(elsewhere.dropPoints(FP32).isEmpty());
        Variant otherPictures = new Variant(
                "int8.onnx",
                INT8.sha256(),
                1,
                Optional.empty(),
                Optional.of(
                        new Tested("cifar10 held-out, seed 1", Optional.of("ee".repeat(32)), new Accuracy(1, 10_000))),
                Optional.empty(),
                INT8.latency());
        assertTrue(otherPictures.dropPoints(FP32).isEmpty());
    }

    @Test
    void olderManifestsDoNotSayWhichPictures() {
        Manifest older = Manifest.fromJson(MANIFEST.toJson().replaceAll("\\s*\"testSetSha256\".*", ""));
        Tested fp32 = older.variant("fp32.onnx").flatMap(Variant::tested).orElseThrow();
        assertEquals(new Tested("cifar10 held-out, seed 1", Optional.empty(), new Accuracy(9_123, 10_000)), fp32);
    }

    @Test
    void hashIsThatOfTheFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("m.onnx"), "abc");
        Variant variant = Variant.describe(file, Optional.empty(), Optional.empty(), Optional.empty(), INT8.latency());
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", variant.sha256());
        assertEquals(3, variant.sizeBytes());
        assertEquals("m", variant.name());
    }

    @Test
    void otherJsonIsRefused() {
        String json = MANIFEST.toJson();
        for (String broken : List.of(
                "",
                "[]",
                "null",
                "{}",
                json.replace("glint.manifest/1", "glint.manifest/2"),
                json.replace("\"sha256\"", "\"sha1\""),
                json.replace("fp32.onnx", "../fp32.onnx"),
                json.replace("9123", "10001"),
                json.replace("\"default\": \"int8.onnx\"", "\"default\": \"other.onnx\""),
                json.replace("\"agreeing\": 99", "\"agreeing\": 101"),
                json.replace("\"total\": 15", "\"total\": 11"),
                json.replace("\"runs\": 200", "\"runs\": 0"),
                json.substring(0, json.length() / 2))) {
            GlintException refused = assertThrows(GlintException.class, () -> Manifest.fromJson(broken), broken);
            assertEquals(GlintException.Reason.MODEL, refused.reason());
        }
    }
}
