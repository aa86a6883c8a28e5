package dev.glint.classify.ort;

import dev.glint.console.Versions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;

/** Which versions of ONNX Runtime will do. */
public final class OrtVersion {
    /** The version that this build belongs to; in the native binary a constant, as the image's options say. */
    public static final String BUILT = Versions.built("onnxruntime");

    /** The version of the C interface that is asked for. ONNX Runtime 1.n has n and those before it. */
    static final int API = 23;

    private OrtVersion() {}

    /**
     * Refuses an ONNX Runtime that will not do.
     *
     * @param found what it says of itself
     * @param bundled whether it should be the one that was packed with this program
     * @throws GlintException ({@code INPUT}) if it is not, or too old
     */
    static void require(String found, boolean bundled) {
        if (bundled && !found.equals(BUILT)) {
            throw GlintException.failure(
                    Reason.INPUT,
                    "ONNX Runtime " + found,
                    "ONNX Runtime " + BUILT + " for this machine",
                    "unpack the whole archive for this machine again, or name a folder with your own with --ort-lib");
        }
        if (api(found) < API) {
            throw GlintException.failure(
                    Reason.INPUT,
                    "ONNX Runtime " + found,
                    "1." + API + " or newer, whose C interface this program speaks",
                    "install a newer one, or leave out --ort-lib for the " + BUILT + " that comes with it");
        }
    }

    /** The newest C interface that a version has; 0 if it has another form than 1.n. */
    static int api(String version) {
        if (!version.startsWith("1.")) {
            return 0;
        }
        int end = 2;
        while (end < version.length() && Character.isDigit(version.charAt(end))) {
            end++;
        }
        return end == 2 || end > 8 ? 0 : Integer.parseInt(version, 2, end, 10);
    }
}
