package dev.glint.classify;

import dev.glint.runtime.model.OnnxRuntime;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** Which release this is. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"classify " + glint() + " (ONNX Runtime " + onnxRuntime() + ")"};
    }

    /** This program's version. */
    static String glint() {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version of the library that was found, not of the Java classes above it. */
    static String onnxRuntime() {
        return OnnxRuntime.version();
    }
}
