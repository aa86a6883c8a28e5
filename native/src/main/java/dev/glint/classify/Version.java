package dev.glint.classify;

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
        return line(0);
    }

    /** The version of ONNX Runtime that this build belongs to. */
    static String onnxRuntime() {
        return line(1);
    }

    private static String line(int index) {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()
                    .get(index);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
