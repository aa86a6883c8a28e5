package dev.glint.console;

import dev.glint.runtime.failure.PrintableText;
import java.io.IOException;
import java.io.Writer;

/**
 * Text on its way to a person: what could steer a terminal is replaced, wherever it came from. Lines may end and tables
 * may have tabs.
 */
final class PrintableWriter extends Writer {
    private final Writer writer;

    PrintableWriter(Writer writer) {
        super(writer);
        this.writer = writer;
    }

    @Override
    public void write(char[] text, int from, int count) throws IOException {
        write(new String(text, from, count), 0, count);
    }

    @Override
    public void write(String text, int from, int count) throws IOException {
        int end = from + count;
        int start = from;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\t') {
                writer.write(PrintableText.printable(text.substring(start, i)));
                writer.write(c);
                start = i + 1;
            }
        }
        writer.write(PrintableText.printable(text.substring(start, end)));
    }

    @Override
    public void flush() throws IOException {
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
