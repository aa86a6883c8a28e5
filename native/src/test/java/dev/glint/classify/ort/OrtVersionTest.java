package dev.glint.classify.ort;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import org.junit.jupiter.api.Test;

class OrtVersionTest {

    @Test
    void thePackageHasItsOwnVersionOnly() {
        assertDoesNotThrow(() -> OrtVersion.require(OrtVersion.BUILT, true));
        assertEquals(
                "found ONNX Runtime 1.29.0, expected ONNX Runtime " + OrtVersion.BUILT
                        + " for this machine; unpack the "
                        + "whole archive for this machine again, or name a folder with your own with --ort-lib",
                refusal("1.29.0", true));
    }

    @Test
    void theOperatorsMayBeNewerButNotTooOld() {
        for (String version : new String[] {"1.23.0", OrtVersion.BUILT, "1.29.0", "1.100.2"}) {
            assertDoesNotThrow(() -> OrtVersion.require(version, false), version);
        }
        assertEquals(
                "found ONNX Runtime 1.22.0, expected 1.23 or newer, whose C interface this program speaks; install a newer "
                        + "one, or leave out --ort-lib for the " + OrtVersion.BUILT + " that comes with it",
                refusal("1.22.0", false));
        for (String version : new String[] {"1.9.0", "2.0.0", "", "1.", "1.x", "1.99999999999.0"}) {
            refusal(version, false);
        }
    }

    private static String refusal(String version, boolean bundled) {
        GlintException e = assertThrows(GlintException.class, () -> OrtVersion.require(version, bundled));
        assertEquals(Reason.INPUT, e.reason());
        return String.valueOf(e.getMessage());
    }
}
