package dev.glint.classify;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where this program lives: a folder with the binary, ONNX Runtime's libraries in {@code lib} and perhaps a model in
 * {@code model}. A native binary finds it through its own path, links resolved; on the JVM the launcher names it in
 * the system property {@value #HOME_PROPERTY}.
 */
final class Installation {
    static final String HOME_PROPERTY = "glint.home";
    private static final String LIBRARIES_PROPERTY = "onnxruntime.native.path";

    private Installation() {}

    /** The folder, if it is known. */
    static Optional<Path> home() {
        String named = System.getProperty(HOME_PROPERTY);
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        return isNative() ? executable().map(Path::getParent) : Optional.empty();
    }

    /**
     * Tells ONNX Runtime's Java classes where the libraries lie. Without that they would unpack them from their jar
     * into the temporary folder at each start, which a native binary, having no jar, could not even do.
     *
     * @throws GlintException ({@code INPUT}) if the native binary stands alone
     */
    static void useLibraries() {
        if (System.getProperty(LIBRARIES_PROPERTY) != null) {
            return;
        }
        Path libraries = home().map(home -> home.resolve("lib")).orElse(null);
        if (libraries != null && Files.isDirectory(libraries)) {
            System.setProperty(LIBRARIES_PROPERTY, libraries.toString());
        } else if (isNative()) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no folder with ONNX Runtime's libraries",
                            "lib/ beside the binary",
                            "unpack the whole archive again, and link to the binary rather than copying it")
                    .about(String.valueOf(libraries));
        }
    }

    /** What starts this program anew; its own arguments go behind it. */
    static List<String> command() {
        String program = executable()
                .orElseThrow(() -> new IllegalStateException("this system does not say which program runs"))
                .toString();
        if (isNative()) {
            return List.of(program);
        }
        try {
            String[] words = Files.readString(Path.of("/proc/self/cmdline")).split("\0");
            int main = Arrays.asList(words).indexOf(Classify.class.getName());
            if (main < 0) {
                throw new IllegalStateException("not started by its main class: " + String.join(" ", words));
            }
            words[0] = program;
            return List.of(words).subList(0, main + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The native binary or, on the JVM, {@code java}. */
    private static Optional<Path> executable() {
        try {
            return Optional.of(Path.of("/proc/self/exe").toRealPath());
        } catch (IOException noProcFileSystem) {
            return ProcessHandle.current().info().command().map(Path::of);
        }
    }

    /** Whether this is the native binary. */
    static boolean isNative() {
        return "runtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"));
    }
}
