package dev.glint.console;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command is connected to; a test gives it its own.
 *
 * @param in standard input
 * @param out standard output, for results
 * @param err standard error, for what people read
 * @param errIsTerminal whether somebody watches standard error, so that progress is worth drawing
 * @param environment the environment variables
 */
public record Streams(
        InputStream in, Output out, PrintWriter err, boolean errIsTerminal, Map<String, String> environment) {

    /** Those of this process: UTF-8, whatever the locale. */
    public static Streams ofProcess() {
        return new Streams(
                // A FileInputStream by itself asks for its position before it reads many bytes, which a pipe has not.
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                new Output(new FileOutputStream(FileDescriptor.out)),
                printer(new FileOutputStream(FileDescriptor.err)),
                isTerminal(2),
                System.getenv());
    }

    /** A writer of UTF-8 text that flushes each line. */
    public static PrintWriter printer(OutputStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** {@code System.console()} tells nothing of standard error, and on later JDKs nothing of terminals. */
    private static boolean isTerminal(int descriptor) {
        try {
            Path target = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)));
            return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
