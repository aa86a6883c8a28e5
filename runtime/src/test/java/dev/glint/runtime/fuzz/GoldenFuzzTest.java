package dev.glint.runtime.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.golden.GoldenSample;
import dev.glint.runtime.golden.GoldenSamples;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever stands where golden samples belong, nothing but {@link GlintException} leaves their reader, and what it lets through
 * fits its limits and is written as it was read. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl runtime test -Dtest='GoldenFuzzTest#golden' -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class GoldenFuzzTest {
    static Stream<byte[]> seeds() {
        GoldenSample sample =
                new GoldenSample("a.pgm", new byte[] {'P', '5'}, "0123456789abcdef".repeat(4), new float[] {1, -2});
        return Stream.of(
                        new GoldenSamples(0.5, List.of(sample, sample)).toJson(),
                        "{\"schema\":1,\"tolerance\":1e-3,\"more\":[[{}]],\"samples\":[]}")
                .map(json -> json.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void golden(byte[] data) {
        try {
            GoldenSamples golden = GoldenSamples.fromJson(new String(data, StandardCharsets.UTF_8));
            assertTrue(golden.samples().size() <= GoldenSamples.MAX_SAMPLES);
            String json = golden.toJson();
            assertTrue(GoldenSamples.fromJson(json).toJson().equals(json));
        } catch (GlintException e) {
            // Refused, as most are.
        }
    }
}
