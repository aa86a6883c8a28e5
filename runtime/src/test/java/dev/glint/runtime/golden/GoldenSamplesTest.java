package dev.glint.runtime.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import dev.glint.runtime.testing.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenSamplesTest {
    private static final byte[] PICTURE = PngFile.of(SyntheticPictures.noise(8, 8, Mode.RGB));
    private static final String HASH = "0123456789abcdef".repeat(4);

    @TempDir
    private Path folder;

    /** What the tiny model makes of the picture, as an exporter would record it. */
    private GoldenSample recorded() throws IOException {
        try (Classifier classifier = Classifier.open(TinyModel.write(folder.resolve("plain.onnx")))) {
            GoldenSample picture = new GoldenSample("noise.png", PICTURE, HASH, new float[] {0});
            return new GoldenSample(
                    "noise.png",
                    PICTURE,
                    GoldenSample.tensorSha256(picture.decode(classifier.contract()), classifier.contract()),
                    classifier.logits(picture.decode(classifier.contract())));
        }
    }

    private Path carrying(String golden) throws IOException {
        return Files.write(
                folder.resolve("golden.onnx"),
                TinyModel.model()
                        .addMetadataProps(TinyModel.entry(GoldenSamples.METADATA_KEY, golden))
                        .build()
                        .toByteArray());
    }

    private List<GoldenResult> replay(GoldenSamples golden) throws IOException {
        Path model = carrying(golden.toJson());
        try (Classifier classifier = Classifier.open(model)) {
            return GoldenSamples.read(model).orElseThrow().replay(classifier);
        }
    }

    @Test
    void theJsonFormIsPinnedAndReadBack() {
        GoldenSamples golden = new GoldenSamples(
                0.0012,
                List.of(new GoldenSample(
                        "a.pgm", "P5".getBytes(StandardCharsets.US_ASCII), HASH, new float[] {1.5f, -2f})));

        assertEquals(
                "{\"schema\":1,\"tolerance\":0.0012,\"samples\":[{\"name\":\"a.pgm\",\"picture\":\"UDU=\",\"tensorSha256\":\""
                        + HASH + "\",\"logits\":\"AADAPwAAAMA=\"}]}",
                golden.toJson());
        GoldenSamples read = GoldenSamples.fromJson(golden.toJson());
        assertEquals(golden.tolerance(), read.tolerance());
        GoldenSample sample = read.samples().get(0);
        assertEquals("a.pgm", sample.name());
        assertEquals(HASH, sample.tensorSha256());
        assertArrayEquals(new byte[] {'P', '5'}, sample.picture());
        assertArrayEquals(new float[] {1.5f, -2f}, sample.logits());
    }

    @Test
    void aModelWithoutThemHasNone() throws IOException {
        assertEquals(Optional.empty(), GoldenSamples.read(TinyModel.write(folder.resolve("plain.onnx"))));
    }

    @Test
    void whatWasRecordedHolds() throws IOException {
        GoldenSamples golden = new GoldenSamples(0, List.of(recorded()));

        GoldenResult result = replay(golden).get(0);

        assertTrue(result.holds(), result::toString);
        assertEquals("", result.difference());
        assertEquals(0, result.farthest().orElseThrow().distance());
    }

    @Test
    void anotherTensorIsToldByItsHash() throws IOException {
        GoldenSample sample = recorded();
        GoldenSample other = new GoldenSample(sample.name(), sample.picture(), HASH, sample.logits());

        GoldenResult result = replay(new GoldenSamples(0, List.of(other))).get(0);

        assertFalse(result.tensorHolds());
        assertTrue(result.logitsHold());
        assertFalse(result.holds());
        assertEquals(
                "noise.png: the hash of its tensor is " + sample.tensorSha256() + ", not " + HASH, result.difference());
    }

    @Test
    void aLogitMayBeOffByTheToleranceAndNoMore() throws IOException {
        GoldenSample sample = recorded();
        float[] off = sample.logits().clone();
        off[1] += 0.25f;
        GoldenSample other = new GoldenSample(sample.name(), sample.picture(), sample.tensorSha256(), off);
        double distance = (double) off[1] - sample.logits()[1];

        assertTrue(replay(new GoldenSamples(distance, List.of(other))).get(0).holds());
        GoldenResult result =
                replay(new GoldenSamples(distance - 1e-9, List.of(other))).get(0);
        assertFalse(result.holds());
        assertTrue(
                result.difference()
                        .startsWith("noise.png: the logit of green is " + sample.logits()[1] + ", not " + off[1]),
                result.difference());
    }

    @Test
    void aPictureThatDoesNotDecodeDiffers() throws IOException {
        GoldenSample broken = new GoldenSample("cut.png", new byte[] {(byte) 0x89, 'P'}, HASH, new float[3]);

        GoldenResult result = replay(new GoldenSamples(0, List.of(broken))).get(0);

        assertFalse(result.holds());
        assertTrue(result.difference().startsWith("cut.png: found "), result.difference());
    }

    @Test
    void logitsOfAnotherModelAreRefused() throws IOException {
        GoldenSample sample = new GoldenSample("noise.png", PICTURE, HASH, new float[5]);

        GlintException failure =
                assertThrows(GlintException.class, () -> replay(new GoldenSamples(0, List.of(sample))));

        assertEquals(Reason.MODEL, failure.reason());
        assertTrue(failure.getMessage().contains("noise.png of 5 logits, expected 3"), failure.getMessage());
    }

    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"schema\":2,\"tolerance\":1,\"samples\":[SAMPLE]}",
                "{\"schema\":1,\"tolerance\":-1,\"samples\":[SAMPLE]}",
                "{\"schema\":1,\"tolerance\":\"NaN\",\"samples\":[SAMPLE]}",
                "{\"schema\":1,\"tolerance\":1e999,\"samples\":[SAMPLE]}",
                "{\"schema\":1,\"samples\":[SAMPLE]}",
                "{\"schema\":1,\"tolerance\":1}",
                "{\"schema\":1,\"tolerance\":1,\"samples\":[]}",
                "{\"schema\":1,\"tolerance\":1,\"samples\":[{}]}",
                "{\"schema\":1,\"tolerance\":1,\"samples\":[SAMPLE",
                "{\"schema\":1,\"tolerance\":1,\"samples\":[MANY]}"
            })
    @ParameterizedTest
    void whatIsNoneIsRefused(String json) throws IOException {
        String sample =
                "{\"name\":\"a\",\"picture\":\"UDU=\",\"tensorSha256\":\"" + HASH + "\",\"logits\":\"AADAPw==\"}";
        String many = String.join(",", Collections.nCopies(GoldenSamples.MAX_SAMPLES + 1, sample));
        GoldenSamples.fromJson("{\"schema\":1,\"tolerance\":1,\"new\":[{}],\"samples\":[" + sample + "]}");

        Path model = carrying(json.replace("SAMPLE", sample).replace("MANY", many));
        GlintException failure = assertThrows(GlintException.class, () -> GoldenSamples.read(model));

        assertEquals(Reason.MODEL, failure.reason());
        assertTrue(failure.getMessage().startsWith(model + ": found invalid golden samples ("), failure.getMessage());
    }

    @ValueSource(
            strings = {
                "\"picture\":\"*\"",
                "\"picture\":\"\"",
                "\"logits\":\"AAA=\"",
                "\"logits\":\"AACAfw==\"",
                "\"tensorSha256\":\"0\"",
                "\"name\":\"\"",
                "\"name\":[[]]"
            })
    @ParameterizedTest
    void aSampleThatIsNoneIsRefused(String field) {
        String sample = "{\"name\":\"a\",\"picture\":\"UDU=\",\"tensorSha256\":\"" + HASH
                + "\",\"logits\":\"AADAPw==\"," + field + "}";

        assertThrows(
                GlintException.class,
                () -> GoldenSamples.fromJson("{\"schema\":1,\"tolerance\":1,\"samples\":[" + sample + "]}"));
    }

    @Test
    void theirPicturesHaveALimit() {
        GoldenSample large = new GoldenSample("large", new byte[GoldenSamples.MAX_PICTURE_BYTES], HASH, new float[1]);
        GoldenSample small = new GoldenSample("small", new byte[1], HASH, new float[1]);
        new GoldenSamples(0, List.of(large));

        assertThrows(IllegalArgumentException.class, () -> new GoldenSamples(0, List.of(large, small)));
    }
}
