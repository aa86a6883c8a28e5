package dev.glint.console;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * Standard output: UTF-8 lines that end with {@code \n} on every system. Unlike a {@code PrintStream} it notices when
 * a line cannot be written.
 */
public final class Output {
    private final Writer writer;

    /** The reader of the output has gone away ({@code classify ... | head -1}), so there is nothing left to do. */
    public static final class ReaderGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ReaderGone(IOException cause) {
            super(cause);
        }
    }

    /** Wraps a stream, which stays open. */
    public Output(OutputStream stream) {
        this.writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    }

    /**
     * Writes a line.
     *
     * @throws UncheckedIOException if the output cannot take it
     */
    public void line(String text) {
        try {
            writer.write(text);
            writer.write('\n');
        } catch (IOException e) {
            throw failure(e);
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
            throw failure(e);
        }
    }

    private static RuntimeException failure(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("Broken pipe")
                ? new ReaderGone(e)
                : new UncheckedIOException(new IOException("standard output: " + message, e));
    }
}
