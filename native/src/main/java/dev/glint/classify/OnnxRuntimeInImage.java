package dev.glint.classify;

import ai.onnxruntime.OrtProvider;
import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.nio.file.Path;
import java.util.EnumSet;

/**
 * How the native binary starts ONNX Runtime: from the libraries beside it and from nowhere else. ONNX Runtime's own
 * way makes a temporary folder, looks for four libraries that are not there, and lets system properties choose what is
 * loaded. GraalVM puts the method below in its place when it builds the image; on the JVM this class does nothing.
 */
@TargetClass(className = "ai.onnxruntime.OnnxRuntime")
final class OnnxRuntimeInImage {
    @Alias
    private static boolean loaded;

    @Alias
    static long ortApiHandle;

    @Alias
    static long ortCompileApiHandle;

    @Alias
    static EnumSet<OrtProvider> providers;

    @Alias
    private static String version;

    @Substitute
    static synchronized void init() {
        if (loaded) {
            return;
        }
        Path folder = Installation.libraries();
        OnnxRuntimeLibraries.load(folder);
        version = initialiseVersion();
        // Before anything else: what a library of another version does with these calls is its own affair.
        OnnxRuntimeLibraries.requireVersion(folder, version);
        ortApiHandle = initialiseAPIBase(OnnxRuntimeLibraries.API_VERSION);
        ortCompileApiHandle = initialiseCompileAPIBase(ortApiHandle);
        providers = initialiseProviders(ortApiHandle);
        loaded = true;
    }

    @Alias
    private static native String initialiseVersion();

    @Alias
    private static native long initialiseAPIBase(int apiVersion);

    @Alias
    private static native long initialiseCompileAPIBase(long apiHandle);

    @Alias
    private static native EnumSet<OrtProvider> initialiseProviders(long apiHandle);
}
