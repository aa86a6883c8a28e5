package dev.glint.classify;

import dev.glint.console.Versions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** ONNX Runtime's libraries in the folder {@code lib} beside the binary. */
final class OnnxRuntimeLibraries {
    /** The version that this build belongs to; in the native binary a constant, as the image's options say. */
    static final String VERSION = Versions.built("onnxruntime");

    /** The C API that ONNX Runtime's Java classes are written for: their own {@code ORT_API_VERSION_23}. */
    static final int API_VERSION = 23;

    /** In the order in which they need each other. */
    private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

    private OnnxRuntimeLibraries() {}

    /**
     * Loads them.
     *
     * @throws GlintException ({@code INPUT}) naming the first that is missing or cannot be loaded
     */
    static void load(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no folder with ONNX Runtime's libraries",
                            "lib/ beside the binary",
                            "unpack the whole archive again, and link to the binary rather than copying it")
                    .about(folder);
        }
        for (String name : NAMES) {
            load(folder.resolve(System.mapLibraryName(name)), folder);
        }
    }

    private static void load(Path file, Path folder) {
        if (!Files.isRegularFile(file)) {
            throw unusable(Files.exists(file) ? "no file" : "no such file").about(file);
        }
        try {
            System.load(file.toAbsolutePath().toString());
        } catch (UnsatisfiedLinkError e) {
            // The system's line names the file, too, once or twice.
            String reason = String.valueOf(e.getMessage()).replace(folder.toAbsolutePath() + "/", "");
            throw unusable("a library that cannot be loaded (" + reason + ")")
                    .causedBy(e)
                    .about(file);
        }
    }

    /**
     * Refuses libraries that belong to another version of ONNX Runtime.
     *
     * @param version what they say of themselves
     * @throws GlintException ({@code INPUT}) if it is another
     */
    static void requireVersion(Path folder, String version) {
        if (!version.equals(VERSION)) {
            throw unusable("ONNX Runtime " + version).about(folder);
        }
    }

    private static GlintException unusable(String found) {
        return GlintException.failure(
                Reason.INPUT,
                found,
                "ONNX Runtime " + VERSION + " for this machine",
                "unpack the whole archive for this machine again");
    }
}
