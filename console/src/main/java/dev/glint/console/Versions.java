package dev.glint.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions of Glint and of what it was built with, as the parent POM has them. */
public final class Versions {
    private Versions() {}

    /** That of Glint. */
    public static String glint() {
        return built("glint");
    }

    /**
     * The version of a part.
     *
     * @param part {@code glint}, {@code onnxruntime}, {@code djl}, {@code pytorch} or {@code cuda}
     * @throws IllegalArgumentException if there is no such part
     */
    public static String built(String part) {
        Properties properties = new Properties();
        try (InputStream resource = Versions.class.getResourceAsStream("versions.properties")) {
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String version = properties.getProperty(part);
        if (version == null) {
            throw new IllegalArgumentException("no part named " + part);
        }
        return version;
    }
}
