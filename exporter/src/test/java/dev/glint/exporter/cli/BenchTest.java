package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.glint.console.machine.MachineState;
import dev.glint.exporter.bench.DeviceReports;
import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {
    private static final Path RUN = BarRun.get().path();

    @TempDir
    private Path temporary;

    private Path model;
    private Path device;

    @BeforeEach
    void export() throws IOException {
        model = temporary.resolve("model");
        assertEquals(0, CommandRun.of("export", RUN, "--out", model).exitCode());
        assertEquals(
                0,
                CommandRun.of("quantize", model, "--calibration", RUN, "--samples", 50)
                        .exitCode());
        device = Files.writeString(temporary.resolve("pi.json"), DeviceReports.raspberryPi());
    }

    @Test
    void measuresHereAndTakesWhatADeviceMeasured() throws IOException {
        Path out = temporary.resolve("report");

        CommandRun run =
                CommandRun.of("bench", model, "--data", RUN, "--threads", "1,2", "--out", out, "--device-json", device);

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("## Raspberry Pi 5\n"), run.out());
        JsonObject json = JsonParser.parseString(Files.readString(out.resolve("bench.json")))
                .getAsJsonObject();
        assertEquals("glint.exporter.bench/1", json.get("schema").getAsString());
        JsonArray machines = json.getAsJsonArray("machines");
        JsonArray here = machines.get(0).getAsJsonObject().getAsJsonArray("variants");
        if (MachineState.peakResidentBytes().isPresent()) {
            here.forEach(variant -> assertTrue(
                    variant.getAsJsonObject().get("peakResidentBytes").getAsLong() > 10_000_000, variant::toString));
        }
        assertEquals(
                List.of("fp32.onnx 1", "int8.onnx 1", "fp32.onnx 2", "int8.onnx 2"),
                here.asList().stream()
                        .map(variant -> variant.getAsJsonObject())
                        .filter(variant -> variant.get("engine").getAsString().equals("ort"))
                        .map(variant -> variant.get("model").getAsString() + " " + variant.get("threads"))
                        .toList());
        for (int i = 0; i < here.size(); i++) {
            JsonObject variant = here.get(i).getAsJsonObject();
            assertEquals(400, variant.get("pictures").getAsInt());
            assertTrue(variant.get("p50Nanos").getAsLong() > 0);
            assertTrue(variant.get("p50Nanos").getAsLong()
                    <= variant.get("p99Nanos").getAsLong());
            assertTrue(variant.get("sessionCreationNanos").getAsLong() > 0);
            assertTrue(variant.has("dropPoints"));
        }
        JsonObject there = machines.get(1).getAsJsonObject();
        assertEquals("Raspberry Pi 5", there.get("name").getAsString());
        assertEquals(
                0.5,
                there.getAsJsonArray("variants")
                        .get(1)
                        .getAsJsonObject()
                        .get("dropPoints")
                        .getAsDouble());
        assertPage(Files.readString(out.resolve("bench.html")));
    }

    private static void assertPage(String page) {
        assertTrue(page.startsWith("<!DOCTYPE html>"));
        assertTrue(page.contains("<h2>Raspberry Pi 5</h2>"));
        assertTrue(page.contains("\"type\":\"points\""));
        // What the numbers of the plot mean where there is no room for names.
        String key = page.substring(page.indexOf("<ol class=\"key\">"), page.indexOf("</ol>"));
        assertTrue(key.contains("<li>int8"), key);
        assertTrue(page.contains("Content-Security-Policy"));
    }

    @Test
    void tablesAreCsvAndMarkdown() throws IOException {
        Path out = temporary.resolve("report");
        assertEquals(
                0,
                CommandRun.of("bench", model, "--out", out, "--device-json", device)
                        .exitCode());

        List<String> csv = Files.readAllLines(out.resolve("bench.csv"));
        List<String> markdown = Files.readAllLines(out.resolve("bench.md"));

        assertEquals(
                "machine,variant,bytes,accuracy %,95 % interval,drop points,p50 ms,p95 ms,p99 ms,runs,first ms,session ms,process ms,"
                        + "memory MB,pictures/s,mJ",
                csv.get(0));
        assertTrue(
                csv.contains(
                        "Raspberry Pi 5,int8,1000,91.50,89.6 to 93.1 %,0.50,2.00,2.00,2.00,200,2.00,2.00,2.00,,500,"),
                csv::toString);
        assertTrue(
                markdown.contains(
                        "| int8 | 1000 | 91.50 | 89.6 to 93.1 % | 0.50 | 2.00 | 2.00 | 2.00 | 200 | 2.00 | 2.00 | 2.00 | - | 500 |"),
                markdown::toString);
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeAnythingIsMeasured() throws IOException {
        CommandRun threads = CommandRun.of("bench", model, "--threads", "0");
        Files.writeString(device, "{}");
        CommandRun broken = CommandRun.of("bench", temporary.resolve("missing"), "--device-json", device);

        assertEquals(2, threads.exitCode());
        assertTrue(threads.err().startsWith("error: --threads: found 0, expected 1 to 256"), threads.err());
        assertEquals(3, broken.exitCode());
        assertTrue(broken.err().startsWith("error: " + device + ": found no report of a device ("), broken.err());
        assertEquals(
                4, CommandRun.of("bench", temporary.resolve("missing.onnx")).exitCode());
    }
}
