package dev.glint.exporter.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.glint.exporter.bench.BenchEntry;
import dev.glint.exporter.bench.BenchMachine;
import dev.glint.exporter.bench.DeviceJson;
import dev.glint.exporter.bench.DeviceReports;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a board's report holds, it is one that a table can be made of, or one line of failure. To search with Jazzer:
 *
 * <pre>
 * JAZZER_FUZZ=1 ./mvnw -pl exporter -am test -Dtest='DeviceJsonFuzzTest#report' -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Djazzer.hooks=true -Dtest.jvm.options=-Xmx128m
 * </pre>
 */
class DeviceJsonFuzzTest {
    static Stream<byte[]> seeds() {
        String report = DeviceReports.raspberryPi();
        return Stream.of(report, report.replaceAll("\\d{3,}", "0"), "{\"schema\":\"glint.bench/1\"}", "[".repeat(3000))
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "20m")
    void report(byte[] data) throws IOException {
        Path file = Files.createTempFile("device", ".json");
        try {
            Files.write(file, data);
            BenchMachine machine = DeviceJson.read(file);
            for (BenchEntry entry : machine.entries()) {
                assertTrue(Double.isFinite(entry.picturesPerSecond()));
                machine.dropPoints(entry).ifPresent(drop -> assertTrue(Math.abs(drop) <= 100));
            }
        } catch (GlintException e) {
            assertEquals(Reason.INPUT, e.reason());
            assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        } finally {
            Files.delete(file);
        }
    }
}
