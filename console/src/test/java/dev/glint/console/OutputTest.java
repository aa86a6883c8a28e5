package dev.glint.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.glint.console.Output.ReaderGone;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Output output = new Output(bytes);

    private String text() {
        output.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLineIsALineWhateverIsInIt() {
        output.line("a\u001b[31m\nerror: b\tc\u009b2J");

        assertEquals("a\ufffd[31m\ufffderror: b\ufffdc\ufffd2J\n", text());
    }

    @Test
    void writersOfTextMayEndLinesAndNothingElse() {
        PrintWriter printer = output.printer();

        printer.print("a\tb\n\r\u001b]0;title\u0007");
        printer.write("\u202egnp.exe\n".toCharArray(), 0, 9);
        printer.flush();

        assertEquals("a\tb\n\ufffd\ufffd]0;title\ufffd\ufffdgnp.exe\n", text());
    }

    @Test
    void jsonSaysTheSameWithoutSteeringATerminal() {
        JsonArray names = new JsonArray();
        names.add("a\u001b\u0007\u007f\u009b\u202e\u2028 \u00e9 \ud83d\udc15");

        output.line(names);

        assertEquals("[\"a\\u001b\\u0007\\u007f\\u009b\\u202e\\u2028 \u00e9 \ud83d\udc15\"]\n", text());
        assertEquals(names, JsonParser.parseString(text()));
    }

    @Test
    void aListThatWasCutShortSaysWhy() {
        JsonObject head = new JsonObject();
        head.addProperty("schema", "x/1");
        try (JsonReport report = new JsonReport(output, head, "pictures")) {
            JsonObject entry = new JsonObject();
            entry.addProperty("file", "a,");
            report.add(entry);
            report.cutShort(GlintException.failure(Reason.MODEL, "a", "b", "c").about("m.onnx"));
        }

        assertEquals(
                "{\"schema\":\"x/1\",\"pictures\":[\n{\"file\":\"a,\"}\n],\"error\":\"m.onnx: found a, expected b; c\"}\n",
                text());
    }

    @Test
    void aReaderThatWentAwayIsNoticed() throws IOException {
        Pipe pipe = Pipe.open();
        pipe.source().close();
        Output broken = new Output(Channels.newOutputStream(pipe.sink()));
        broken.line("a");

        ReaderGone gone = assertThrows(ReaderGone.class, broken::flush);

        StringWriter said = new StringWriter();
        assertEquals(130, FailureReport.print(gone, new PrintWriter(said), false));
        assertEquals("", said.toString());
    }

    @Test
    void aReaderThatWentAwayIsNoticedInEveryLanguage() {
        String german = "Daten\u00fcbergabe unterbrochen (broken pipe)";
        Output broken = new Output(new Failing(german), () -> german);
        broken.line("a");

        assertThrows(ReaderGone.class, broken::flush);
    }

    @Test
    void otherFailuresAreNoReaderThatWentAway() {
        Output full = new Output(new Failing("Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar"));
        PrintWriter printer = full.printer();
        printer.println("a");

        UncheckedIOException failure = assertThrows(UncheckedIOException.class, printer::flush);

        assertEquals(
                "standard output: Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar",
                failure.getCause().getMessage());
    }

    @Test
    void stringsOfJsonStayStrings() {
        assertEquals("\"a\\u009f\"", JsonText.line(new JsonPrimitive("a\u009f")));
        assertEquals("{}", JsonText.line(new JsonObject()));
    }

    /** A stream that cannot be written, and says so in its own words. */
    private static final class Failing extends OutputStream {
        private final String words;

        Failing(String words) {
            this.words = words;
        }

        @Override
        public void write(int b) throws IOException {
            throw new IOException(words);
        }
    }
}
