package dev.glint.exporter.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.folder.Variant.Quantization;
import dev.glint.exporter.folder.Variant.Tested;
import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.failure.GlintException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
    private static final Optional<String> TEST_SET = Optional.of("dd".repeat(32));
    private static final Variant FP32 = new Variant(
            "fp32.onnx",
            "aa".repeat(32),
            4_567_890,
            Optional.empty(),
            Optional.of(new Tested("cifar10 held-out, seed 1", TEST_SET, new Accuracy(9_123, 10_000))),
            new Latency(200, 3_000_000, 3_100_000, 3_200_000));
    private static final Variant INT8 = new Variant(
            "int8.onnx",
            "bb".repeat(32),
            1_234_567,
            Optional.of(new Quantization("qdq-u8-s8-per-channel", "minmax", "cifar10 training", 500, 1, "float")),
            Optional.of(new Tested("cifar10 held-out, seed 1", TEST_SET, new Accuracy(9_110, 10_000))),
            new Latency(200, 900_000, 950_000, 1_000_000));
    private static final Variant OTHER = new Variant(
            "int8-entropy.onnx",
            "cc".repeat(32),
            1_234_567,
            Optional.empty(),
            Optional.empty(),
            new Latency(200, 1_000_000, 1_000_000, 1_000_000));
    private static final Manifest MANIFEST =
            new Manifest("1.2.3", new Host("a CPU", 2, "Linux amd64", "17.0.15", "1.28.0"), List.of(OTHER, INT8, FP32));

    /** Written once by hand from the fields' documentation; a difference is a change of the format. */
    @Test
    void jsonIsAsDocumented() throws IOException {
        try (InputStream golden = ManifestTest.class.getResourceAsStream("manifest.json")) {
            assertEquals(new String(golden.readAllBytes(), StandardCharsets.UTF_8), MANIFEST.toJson());
        }
        assertEquals(MANIFEST, Manifest.fromJson(MANIFEST.toJson()));
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
                INT8.latency());
        assertTrue(elsewhere.dropPoints(FP32).isEmpty());
        Variant otherPictures = new Variant(
                "int8.onnx",
                INT8.sha256(),
                1,
                Optional.empty(),
                Optional.of(
                        new Tested("cifar10 held-out, seed 1", Optional.of("ee".repeat(32)), new Accuracy(1, 10_000))),
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
        Variant variant = Variant.describe(file, Optional.empty(), Optional.empty(), INT8.latency());
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
                json.replace("\"runs\": 200", "\"runs\": 0"),
                json.substring(0, json.length() / 2))) {
            GlintException refused = assertThrows(GlintException.class, () -> Manifest.fromJson(broken), broken);
            assertEquals(GlintException.Reason.MODEL, refused.reason());
        }
    }
}
