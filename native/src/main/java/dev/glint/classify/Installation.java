package dev.glint.classify;

import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where this program lives: a folder with the binary, ONNX Runtime's libraries in {@code lib} and perhaps a model in
 * {@code model}. A native binary finds it through its own path, links resolved; on the JVM the launcher names it in
 * the system property {@value #HOME_PROPERTY}.
 */
final class Installation {
    static final String HOME_PROPERTY = "glint.home";
    private static final String LIBRARIES_PROPERTY = "onnxruntime.native.path";
    private static final String LIBRARIES = "lib";
    private static final Path EXECUTABLE = Path.of("/proc/self/exe");
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    @SuppressWarnings("NullableOptional") // Null until it was looked for.
    private static @Nullable Optional<Bundle> bundle;

    private Installation() {}

    /** The folder, if it is known. A native binary has no property but its own place to go by. */
    static Optional<Path> home() {
        return isNative()
                ? executable().map(Path::getParent)
                : Optional.ofNullable(System.getProperty(HOME_PROPERTY)).map(Path::of);
    }

    /**
     * What lies behind the native binary in its own file, if it is a bundle.
     *
     * @throws GlintException ({@code MODEL}) if it is not whole
     */
    static synchronized Optional<Bundle> bundle() {
        @SuppressWarnings("NullableOptional")
        Optional<Bundle> known = bundle;
        if (known == null) {
            known = isNative() ? executable().flatMap(Bundle::find) : Optional.empty();
            bundle = known;
        }
        return known;
    }

    /**
     * Where the native binary's libraries lie, whether they are there or not: a folder, or the bundle that it is.
     *
     * @throws GlintException ({@code INPUT}) if the system does not say where the binary lies
     */
    static Path libraries() {
        return bundle().map(Bundle::file)
                .orElseGet(() -> home().orElseThrow(Installation::unknown).resolve(LIBRARIES));
    }

    /**
     * On the JVM, has ONNX Runtime's Java classes take their libraries from a folder of the operator's.
     *
     * @throws GlintException ({@code INPUT}) if it is not there
     */
    static void useLibraries(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw GlintException.failure(
                            Reason.INPUT,
                            Files.exists(folder) ? "no folder" : "no such folder",
                            "one with ONNX Runtime's libraries",
                            "correct --ort-lib, or leave it out")
                    .about(folder);
        }
        System.setProperty(LIBRARIES_PROPERTY, folder.toString());
    }

    /**
     * What starts this program anew; its own arguments go behind it.
     *
     * @throws GlintException ({@code INPUT}) if the system does not say which program this is
     */
    static List<String> command() {
        String program = executable().orElseThrow(Installation::unknown).toString();
        if (isNative()) {
            return List.of(program);
        }
        try {
            String[] words = Files.readString(COMMAND_LINE).split("\0");
            int main = Arrays.asList(words).indexOf(Classify.class.getName());
            if (main < 0) {
                throw new IllegalStateException("not started by its main class: " + String.join(" ", words));
            }
            words[0] = program;
            return List.of(words).subList(0, main + 1);
        } catch (IOException e) {
            throw unknown().causedBy(e);
        }
    }

    /** The native binary or, on the JVM, {@code java}. */
    private static Optional<Path> executable() {
        try {
            return Optional.of(EXECUTABLE.toRealPath());
        } catch (IOException noProcFileSystem) {
            return ProcessHandle.current().info().command().map(Path::of);
        }
    }

    private static GlintException unknown() {
        return GlintException.failure(
                        Reason.INPUT,
                        "a system that does not say which program this is",
                        "the file system /proc",
                        "mount it, as in mount -t proc proc /proc")
                .about(EXECUTABLE);
    }

    /** Whether this is the native binary. */
    static boolean isNative() {
        return NativeBinary.RUNNING;
    }
}
