package dev.glint.runtime.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime in this process: its libraries are loaded and its environment is made when a model is first opened. An
 * environment that the program made before stays as it is.
 */
public final class OnnxRuntime {
    private static volatile boolean quiet;
    private static volatile @Nullable OrtEnvironment environment;

    private OnnxRuntime() {}

    /**
     * Makes ONNX Runtime say nothing but fatal errors, outside its sessions too. For a program that owns its process
     * and reports failures itself; to be called before the first model is opened.
     */
    public static void keepQuiet() {
        quiet = true;
    }

    /**
     * Loads ONNX Runtime and makes its environment, once per process; {@link Model#open} does so by itself. For a
     * caller who wants to know what opening a model costs without it.
     */
    public static void start() {
        environment();
    }

    /** The version of the library that was loaded, which may not be that of the Java classes above it. */
    public static String version() {
        return environment().getVersion();
    }

    /** The environment of this process. It must not be closed. */
    public static OrtEnvironment environment() {
        OrtEnvironment known = environment;
        if (known == null) {
            known = quiet
                    ? OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "glint")
                    : OrtEnvironment.getEnvironment();
            environment = known;
        }
        return known;
    }
}
