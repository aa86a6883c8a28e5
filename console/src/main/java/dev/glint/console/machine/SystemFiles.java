package dev.glint.console.machine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the Linux kernel says of itself in small files; on other systems, and in containers, most are missing.
 *
 * @param root the folder that stands for {@code /}
 */
record SystemFiles(Path root) {
    private static final int MAX_BYTES = 1 << 20;

    /** The lines of a file; none if it cannot be read. */
    List<String> lines(String file) {
        Path path = root.resolve(file);
        if (!Files.isReadable(path)) {
            return List.of();
        }
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A file's first line, without the zero that ends strings of a device tree. */
    Optional<String> text(String file) {
        return lines(file).stream()
                .findFirst()
                .map(line -> line.replace("\0", "").strip())
                .filter(line -> !line.isEmpty());
    }

    /** A file's number. */
    OptionalLong number(String file) {
        return text(file).map(SystemFiles::parsed).orElse(OptionalLong.empty());
    }

    private static OptionalLong parsed(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** What stands behind a name and a colon, in the first line that has that name. */
    static Optional<String> field(List<String> lines, String name) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
                return Optional.of(line.substring(colon + 1).strip()).filter(value -> !value.isEmpty());
            }
        }
        return Optional.empty();
    }
}
