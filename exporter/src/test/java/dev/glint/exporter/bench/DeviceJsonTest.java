package dev.glint.exporter.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.runtime.evaluate.Accuracy;
import dev.glint.runtime.evaluate.Latency;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceJsonTest {
    @TempDir
    private Path folder;

    private BenchMachine read(String text) throws IOException {
        return DeviceJson.read(Files.writeString(folder.resolve("pi.json"), text));
    }

    @Test
    void everyFigureIsRead() throws IOException {
        BenchMachine machine = read(DeviceReports.raspberryPi());

        assertEquals("Raspberry Pi 5", machine.name());
        assertEquals(
                List.of(
                        "4 x Cortex-A76, Linux 6.6 aarch64, classify 0.1.0, ONNX Runtime 1.28.0.",
                        "The processor was slowed down for heat or voltage meanwhile.",
                        "Best there is int8.onnx: 2.00 times as fast as fp32."),
                machine.notes());
        assertEquals(
                new BenchEntry(
                        "fp32.onnx",
                        "ort",
                        1,
                        4000,
                        Optional.of(new Accuracy(920, 1000)),
                        new Latency(200, 4_000_000, 5_000_000, 6_000_000),
                        7_000_000,
                        8_000_000,
                        OptionalLong.of(9_000_000),
                        OptionalLong.of(30_000_000),
                        OptionalDouble.empty()),
                machine.entries().get(0));
        assertEquals(OptionalLong.empty(), machine.entries().get(1).peakResidentBytes());
        assertEquals(0.5, machine.dropPoints(machine.entries().get(1)).orElseThrow(), 1e-9);
    }

    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "glint.bench/1#glint.bench/2",
                "\"bytes\":4000#\"bytes\":4000.5",
                "\"bytes\":4000#\"bytes\":\"many\"",
                "\"bytes\":4000#\"size\":4000",
                "\"correct\":920#\"correct\":1920",
                "\"p95Nanos\":5000000#\"p95Nanos\":1",
                "\"runs\":200#\"runs\":0",
                "\"variants\":[#\"variants\":[[],",
                "\"threads\":1#\"threads\":99999999999",
                "]}#"
            })
    @ParameterizedTest
    void whatIsNoneIsRefused(String sound, String broken) throws IOException {
        String text = DeviceReports.raspberryPi();
        assertTrue(text.contains(sound), sound);
        String changed = text.replace(sound, broken == null ? "" : broken);

        GlintException failure = assertThrows(GlintException.class, () -> read(changed));

        assertEquals(Reason.INPUT, failure.reason());
        assertTrue(
                failure.getMessage().startsWith(folder.resolve("pi.json") + ": found no report of a device ("),
                failure.getMessage());
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("missing.json");

        GlintException failure = assertThrows(GlintException.class, () -> DeviceJson.read(missing));

        assertEquals(Reason.INPUT, failure.reason());
        assertTrue(failure.getMessage().startsWith(missing + ": found no such file"), failure.getMessage());
    }
}
