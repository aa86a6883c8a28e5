package dev.glint.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void aBarIsDrawnOverItselfAndRemoved() {
        StringWriter terminal = new StringWriter();

        new Progress(Optional.of(terminal), "epoch\u001b", 10).close();

        String bar = "epoch\ufffd [" + " ".repeat(30) + "] 0/10  0:00";
        assertEquals("\r" + bar + "\r" + " ".repeat(bar.length()) + "\r", terminal.toString());
    }

    @Test
    void aLineBesidesItFindsRoom() {
        StringWriter terminal = new StringWriter();
        StringWriter err = new StringWriter();
        try (Progress progress = new Progress(Optional.of(terminal), "epoch", 10)) {
            terminal.getBuffer().setLength(0);

            progress.besides(new PrintWriter(err)).println("note");

            assertEquals("note\n", err.toString());
            assertTrue(terminal.toString().matches("\r +\r"), terminal.toString());
            progress.erase();
            assertTrue(terminal.toString().matches("\r +\r"), terminal.toString());
        }
    }

    @Test
    void withoutATerminalNothingIsDrawn() {
        try (Progress progress = new Progress(Optional.empty(), "epoch", 2)) {
            progress.step();
            progress.stepTo(2);
        }
    }

    @Test
    void aTerminalThatGoesAwayDoesNotEndTheWork() {
        boolean[] asked = new boolean[1];
        Writer gone = new Writer() {
            @Override
            public void write(char[] text, int from, int count) throws IOException {
                asked[0] = true;
                throw new IOException("gone");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        new Progress(Optional.of(gone), "epoch", 2).close();

        assertTrue(asked[0]);
    }
}
