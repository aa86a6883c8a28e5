package dev.glint.exporter.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.testing.BarRun;
import dev.glint.exporter.testing.CommandRun;
import dev.glint.exporter.testing.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a quantised model must keep, else nothing is written. */
class GateTest {
    private static final Path RUN = BarRun.get().path();

    @TempDir
    private Path temporary;

    private Path model;

    @BeforeEach
    void export() {
        model = temporary.resolve("model");
        assertEquals(0, CommandRun.of("export", RUN, "--out", model).exitCode());
    }

    private CommandRun quantize(Object... gate) {
        Object[] arguments = new Object[6 + gate.length];
        System.arraycopy(new Object[] {"quantize", model, "--calibration", RUN, "--samples", 50}, 0, arguments, 0, 6);
        System.arraycopy(gate, 0, arguments, 6, gate.length);
        return CommandRun.of(arguments);
    }

    @Test
    void modelThatIsTooSlowIsNotWritten() throws IOException {
        Map<String, Integer> before = Folders.content(model);

        CommandRun run = quantize("--min-speedup", 900);

        assertEquals(5, run.exitCode(), run.err());
        assertTrue(run.err().contains("times as fast as fp32, expected at least 900.00 times"), run.err());
        assertEquals(before, Folders.content(model));
    }

    @Test
    void modelThatKeepsItsGatesIsWritten() {
        CommandRun run = quantize("--min-speedup", 0.0001, "--min-agreement", 0.5, "--max-drop", 50);

        assertEquals(0, run.exitCode(), run.err());
    }

    @Test
    void gatesThatMakeNoSenseAreRefused() {
        assertEquals(2, quantize("--min-agreement", 1.5).exitCode());
        CommandRun run = quantize("--min-speedup", -1);
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--min-speedup: found -1.0, expected 0 to 1000 times"), run.err());
    }
}
