package dev.glint.exporter.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Everything below a folder, to see what a command changed. */
public final class Folders {
    private Folders() {}

    /** The files by their path, with a hash of what is in them; folders too. */
    public static Map<String, Integer> content(Path folder) throws IOException {
        Map<String, Integer> content = new TreeMap<>();
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.toList()) {
                content.put(
                        folder.relativize(entry).toString(),
                        Files.isDirectory(entry) ? 0 : Arrays.hashCode(Files.readAllBytes(entry)));
            }
        }
        return content;
    }
}
