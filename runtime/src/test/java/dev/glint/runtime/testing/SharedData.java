package dev.glint.runtime.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real data beside the project, which tests read where it lies and skip without. */
public final class SharedData {
    private SharedData() {}

    /** A file or folder of {@code shared/data}; the calling test is skipped, saying so, where it is absent. */
    public static Path require(String relative) {
        Path path = root().resolve(relative);
        Assumptions.assumeTrue(Files.exists(path), () -> "needs shared/data/" + relative + " beside the project");
        return path;
    }

    /** The folder {@code shared/data} beside the project, which may be absent. */
    public static Path root() {
        return projectRoot().resolveSibling("shared").resolve("data");
    }

    /** The folder with the parent POM. */
    public static Path projectRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "not below the project: " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }
}
