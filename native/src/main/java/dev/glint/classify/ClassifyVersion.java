package dev.glint.classify;

import dev.glint.classify.ort.OrtVersion;
import dev.glint.console.Versions;
import picocli.CommandLine.IVersionProvider;

/** Which release this is, and which ONNX Runtime it was built for; the libraries themselves need not be there. */
final class ClassifyVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"classify " + Versions.glint() + " (ONNX Runtime " + OrtVersion.BUILT + ")"};
    }
}
