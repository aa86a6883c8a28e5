package dev.glint.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonParseException;
import dev.glint.onnx.quantize.scheme.Range;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever stands in the metadata of a run's weights as the ranges that were fitted, they are ranges, or what {@link
 * RunFolder#ranges} turns into a failure is thrown. As a plain test the seeds and damaged ones are tried. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl trainer -am test -Dtest='FittedRangesFuzzTest#ranges' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options='-Xmx512m -Djazzer.instrument=dev.glint.**'
 * </pre>
 */
class FittedRangesFuzzTest {
    static Stream<byte[]> seeds() {
        return Stream.of("{}", "{\"x\":[0,1.5],\"conv/relu\":[-3.25,1e30]}", "[]", "{\"x\":[1,0]}", "{\"x\":null}", "")
                .map(json -> json.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void ranges(byte[] data) {
        try {
            Map<String, Range> read = StoredModel.ranges(Map.of("ranges", new String(data, StandardCharsets.UTF_8)));
            read.forEach((value, range) -> assertTrue(range.min() <= range.max(), value));
        } catch (JsonParseException
                | IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException e) {
            // What RunFolder.ranges expects of broken ones.
        }
    }

    @Test
    void damagedRangesAreReadOrRefused() {
        Random random = new Random(1);
        for (byte[] seed : seeds().filter(bytes -> bytes.length > 0).toList()) {
            for (int i = 0; i < 2_000; i++) {
                byte[] damaged = seed.clone();
                damaged[random.nextInt(damaged.length)] = (byte) " {}[]\":,0123456789eE-.nN".charAt(random.nextInt(24));
                ranges(damaged);
            }
        }
        ranges("[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        ranges(("{\"x\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void rangesAreWhatWasFitted() {
        assertEquals(
                Map.of("x", new Range(0, 1.5f), "y", new Range(-3, 2)),
                StoredModel.ranges(Map.of("ranges", "{\"x\":[0,1.5],\"y\":[-3,2]}")));
    }
}
