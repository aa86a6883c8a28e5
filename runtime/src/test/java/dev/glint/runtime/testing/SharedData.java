package dev.glint.runtime.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
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

    /**
     * A file of {@code shared/data} that is packed with xz, unpacked into a folder; the calling test is skipped where it or
     * xz is absent.
     */
    public static Path requireUnpacked(String relative, Path folder) throws IOException {
        Path packed = require(relative);
        Path file = folder.resolve(packed.getFileName().toString().replaceFirst("\\.xz$", ""));
        Process xz;
        try {
            xz = new ProcessBuilder("xz", "-dc", packed.toString())
                    .redirectOutput(file.toFile())
                    .start();
        } catch (IOException e) {
            return Assumptions.abort("needs xz to unpack shared/data/" + relative);
        }
        try {
            Assertions.assertEquals(0, xz.waitFor(), "exit code of xz");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return file;
    }

    /**
     * The first bytes of a file of {@code shared/data} that is packed with xz; the calling test is skipped where it or xz is
     * absent.
     */
    public static byte[] requireBeginning(String relative, int bytes) throws IOException {
        Path packed = require(relative);
        Process xz;
        try {
            xz = new ProcessBuilder("xz", "-dc", packed.toString()).start();
        } catch (IOException e) {
            return Assumptions.abort("needs xz to unpack shared/data/" + relative);
        }
        try (InputStream in = xz.getInputStream()) {
            return in.readNBytes(bytes);
        } finally {
            xz.destroy();
        }
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
