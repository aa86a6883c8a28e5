package dev.glint.onnx.graph;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Who an ONNX file says it was written by. */
final class Producer {
    static final String NAME = "glint";

    private Producer() {}

    /** The version of this build. */
    static String version() {
        Properties properties = new Properties();
        try (InputStream resource = Producer.class.getResourceAsStream("producer.properties")) {
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
