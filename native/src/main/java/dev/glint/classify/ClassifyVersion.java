package dev.glint.classify;

import dev.glint.console.Versions;
import dev.glint.runtime.model.OnnxRuntime;
import picocli.CommandLine.IVersionProvider;

/** Which release this is. */
final class ClassifyVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"classify " + Versions.glint() + " (ONNX Runtime " + onnxRuntime() + ")"};
    }

    /** The version of the library that was found, not of the Java classes above it. */
    static String onnxRuntime() {
        return OnnxRuntime.version();
    }
}
