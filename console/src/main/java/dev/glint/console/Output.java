package dev.glint.console;

import com.google.gson.JsonElement;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Standard output: UTF-8 lines that end with {@code \n} on every system. Unlike a {@code PrintStream} it notices when
 * a line cannot be written.
 */
public final class Output {
    private final Writer writer;
    private final Supplier<String> brokenPipe;

    /** The reader of the output has gone away ({@code classify ... | head -1}), so there is nothing left to do. */
    public static final class ReaderGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReaderGone(IOException cause) {
            super(cause);
        }
    }

    /** Wraps a stream, which stays open. */
    public Output(OutputStream stream) {
        this(stream, Output::messageOfBrokenPipe);
    }

    /** The same where the system words a broken pipe like this. */
    Output(OutputStream stream, Supplier<String> brokenPipe) {
        this.writer = new Checked(new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)));
        this.brokenPipe = brokenPipe;
    }

    /**
     * Writes a line for people, made printable.
     *
     * @throws UncheckedIOException if the output cannot take it
     */
    public void line(String text) {
        end(Text.printable(text));
    }

    /**
     * Writes a JSON value, on a line.
     *
     * @throws UncheckedIOException if the output cannot take it
     */
    public void line(JsonElement json) {
        end(JsonText.line(json));
    }

    /** Writes a line as it is. */
    void end(String line) {
        try {
            writer.write(line);
            writer.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Hands everything to the reader.
     *
     * @throws UncheckedIOException if the output cannot take it
     */
    public void flush() {
        try {
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same output for those who need such a writer: text is made printable, a line that cannot be written throws. */
    PrintWriter printer() {
        return new PrintWriter(new PrintableWriter(writer));
    }

    /** Says at once what went wrong, through writers that would keep it to themselves. */
    private final class Checked extends Writer {
        private final Writer stream;

        Checked(Writer stream) {
            this.stream = stream;
        }

        @Override
        public void write(char[] text, int from, int count) {
            try {
                stream.write(text, from, count);
            } catch (IOException e) {
                throw failure(e);
            }
        }

        @Override
        public void flush() {
            try {
                stream.flush();
            } catch (IOException e) {
                throw failure(e);
            }
        }

        @Override
        public void close() {
            flush();
        }
    }

    private RuntimeException failure(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.equals(brokenPipe.get())
                ? new ReaderGone(e)
                : new UncheckedIOException(new IOException("standard output: " + message, e));
    }

    /** Java tells what went wrong in the words of the locale only; so a pipe is broken here, to hear them. */
    private static String messageOfBrokenPipe() {
        try {
            Pipe pipe = Pipe.open();
            pipe.source().close();
            try (Pipe.SinkChannel sink = pipe.sink()) {
                sink.write(ByteBuffer.allocate(1));
                return "Broken pipe";
            }
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
