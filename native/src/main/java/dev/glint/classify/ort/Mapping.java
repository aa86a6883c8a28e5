package dev.glint.classify.ort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.graalvm.word.PointerBase;
import org.graalvm.word.WordFactory;

/** A file in memory, or nothing. */
final class Mapping implements AutoCloseable {
    private final PointerBase start;
    private final long bytes;

    private Mapping(PointerBase start, long bytes) {
        this.start = start;
        this.bytes = bytes;
    }

    static Mapping nothing() {
        return new Mapping(WordFactory.nullPointer(), 0);
    }

    /**
     * Maps a file.
     *
     * @throws IOException if that cannot be
     */
    static Mapping open(Path file) throws IOException {
        long bytes = Files.size(file);
        PointerBase start = SystemCalls.map(file, bytes);
        if (start.isNull()) {
            throw new IOException(file + " cannot be mapped");
        }
        return new Mapping(start, bytes);
    }

    PointerBase start() {
        return start;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (bytes > 0) {
            SystemCalls.unmap(start, WordFactory.unsigned(bytes));
        }
    }
}
