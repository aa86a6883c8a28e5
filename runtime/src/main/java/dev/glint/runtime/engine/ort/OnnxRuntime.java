package dev.glint.runtime.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime in this process: its libraries are loaded and its environment is made when a model is first opened. An
 * environment that the program made before stays as it is.
 */
public final class OnnxRuntime {
    private static final String LIBRARIES_PROPERTY = "onnxruntime.native.path";

    private static volatile boolean quiet;
    private static volatile @Nullable OrtEnvironment environment;
    private static @Nullable GlintException failure;

    private OnnxRuntime() {}

    /**
     * Makes ONNX Runtime say nothing but fatal errors, outside its sessions too. For a program that owns its process
     * and reports failures itself; to be called before the first model is opened.
     */
    public static void keepQuiet() {
        quiet = true;
    }

    /** The version of the library that was loaded, which may not be that of the Java classes above it. */
    public static String version() {
        return environment().getVersion();
    }

    /**
     * The environment of this process. It must not be closed.
     *
     * @throws GlintException ({@code INPUT}) if the libraries cannot be loaded, or there is no temporary folder to
     *     unpack them into; then no later attempt goes better
     */
    public static OrtEnvironment environment() {
        OrtEnvironment known = environment;
        return known == null ? makeEnvironment() : known;
    }

    @SuppressWarnings("StaticAssignmentOfThrowable") // It says the same to everyone who asks.
    private static synchronized OrtEnvironment makeEnvironment() {
        if (failure != null) {
            throw failure;
        }
        try {
            OrtEnvironment made = quiet
                    ? OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "glint")
                    : OrtEnvironment.getEnvironment();
            environment = made;
            return made;
        } catch (LinkageError | RuntimeException e) {
            failure = unusable(e);
            throw failure;
        }
    }

    private static GlintException unusable(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof GlintException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof GlintException known) {
            return known;
        }
        if (cause instanceof FileSystemException file) {
            return GlintException.failure(
                            Reason.INPUT,
                            "no way to make a file or folder there (" + FileFailure.why(file) + ")",
                            "a temporary folder, which ONNX Runtime needs on the JVM",
                            "name one with -Djava.io.tmpdir=DIR")
                    .causedBy(failure)
                    .about(String.valueOf(System.getProperty("java.io.tmpdir")));
        }
        return GlintException.failure(
                        Reason.INPUT,
                        "libraries of ONNX Runtime that cannot be loaded (" + cause.getMessage() + ")",
                        "those of this machine and of the version of its Java classes",
                        "leave out -D" + LIBRARIES_PROPERTY + " for those that the Java classes bring, or correct it")
                .causedBy(failure)
                .about(System.getProperty(LIBRARIES_PROPERTY, "ONNX Runtime"));
    }
}
