package dev.glint.runtime.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder that nobody can read, the superuser neither: what lies deepest in it has a path that is longer than the system
 * takes. Close it before the folder around it is removed.
 */
public final class UnreadableFolder implements AutoCloseable {
    private static final int MAX_PATH = 4096;
    private static final String NAME = "d".repeat(250);

    private final Path path;
    private final Path moved;
    private final Path from;

    /** Makes it. */
    public UnreadableFolder(Path parent, String name) throws IOException {
        Path deepest = parent.resolve(name).toAbsolutePath();
        while (deepest.toString().length() + 2 * NAME.length() < MAX_PATH) {
            deepest = deepest.resolve(NAME);
        }
        Files.createDirectories(deepest);
        this.from = Files.createTempDirectory("unreadable");
        Files.createDirectories(from.resolve("a").resolve(NAME).resolve(NAME));
        this.moved = deepest.resolve("a");
        Files.move(from.resolve("a"), moved);
        this.path = parent.resolve(name);
    }

    /** The folder, something in which cannot be read. */
    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Path back = from.resolve("a");
        Files.move(moved, back);
        Files.delete(back.resolve(NAME).resolve(NAME));
        Files.delete(back.resolve(NAME));
        Files.delete(back);
        Files.delete(from);
    }
}
