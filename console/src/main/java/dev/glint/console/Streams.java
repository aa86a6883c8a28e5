package dev.glint.console;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command is connected to; a test gives it its own.
 *
 * @param in standard input
 * @param out standard output, for results
 * @param err standard error, for what people read; what could steer a terminal is replaced
 * @param terminal standard error as it is, to draw progress on, if somebody watches it
 * @param environment the environment variables
 */
public record Streams(
        InputStream in, Output out, PrintWriter err, Optional<Writer> terminal, Map<String, String> environment) {
    /** Launchers set it to true or false: whether standard error is a terminal. */
    private static final String TERMINAL_PROPERTY = "glint.stderr.terminal";

    /** Those of this process: UTF-8, whatever the locale. */
    public static Streams ofProcess() {
        return new Streams(
                standardInput(),
                new Output(standardOutput(FileDescriptor.out)),
                printer(new FileOutputStream(FileDescriptor.err)),
                terminalOfProcess(),
                System.getenv());
    }

    /** A writer of UTF-8 text that flushes each line and replaces what could steer a terminal. */
    public static PrintWriter printer(OutputStream stream) {
        return new PrintWriter(new PrintableWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)), true);
    }

    /** Must be asked for before anything else is opened, which could take the place of an input that is closed. */
    private static InputStream standardInput() {
        FileInputStream in = new FileInputStream(FileDescriptor.in);
        try {
            in.available();
            // A FileInputStream by itself asks for its position before it reads many bytes, which a pipe has not.
            return new BufferedInputStream(in);
        } catch (IOException closed) {
            return new ClosedInput();
        }
    }

    /** Standard input of a process that was started without one. */
    private static final class ClosedInput extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("it is closed");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return read();
        }
    }

    /** Must be asked for as early: what took the place of an output that is closed would swallow the results. */
    static OutputStream standardOutput(FileDescriptor descriptor) {
        FileOutputStream out = new FileOutputStream(descriptor);
        try {
            // A look at any kind of file, as fstat(2) gives it.
            long unused = out.getChannel().size();
            return out;
        } catch (IOException closed) {
            return new ClosedOutput();
        }
    }

    /** Standard output of a process that was started without one. */
    private static final class ClosedOutput extends OutputStream {
        @Override
        public void write(int one) throws IOException {
            throw new IOException("it is closed");
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            write(0);
        }
    }

    /** Standard error as it is, if it is a terminal: {@code System.console()} tells nothing of it. */
    static Optional<Writer> terminalOfProcess() {
        String told = System.getProperty(TERMINAL_PROPERTY);
        return (told == null ? isTerminal(2) : Boolean.parseBoolean(told))
                ? Optional.of(new OutputStreamWriter(new FileOutputStream(FileDescriptor.err), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private static boolean isTerminal(int descriptor) {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)));
            return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
