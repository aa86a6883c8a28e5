package dev.glint.classify.ort;

import dev.glint.runtime.bundle.Bundle;
import dev.glint.runtime.bundle.BundlePart;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.nio.file.Path;

/** ONNX Runtime's library inside a bundle, which the system loads only from a file: it gets one in memory, and none on a disk. */
final class BundledLibrary {
    private BundledLibrary() {}

    /**
     * Copies it, 28 MB in some ten milliseconds.
     *
     * @param verified whether it is held against its hash before
     * @return a file that is there as long as this process
     * @throws GlintException ({@code INPUT}) naming the bundle if it has none or the system has no such files, ({@code MODEL}) if
     *     it is not the one that was put there
     */
    static Path copy(Bundle bundle, boolean verified) {
        BundlePart library = bundle.library()
                .orElseThrow(() -> failure(
                                "no ONNX Runtime in it",
                                "one, which this model or command needs",
                                "bundle it with --onnxruntime always")
                        .about(bundle.file()));
        if (verified) {
            bundle.verified(library);
        }
        int copy = SystemCalls.copyToMemory(bundle.file(), library.name(), library.offset(), library.bytes());
        if (copy < 0) {
            throw failure(
                            "a system that gives no file in memory to run",
                            "memfd_create, as Linux 3.17 has it, and " + (library.bytes() >> 20) + " MiB",
                            "unpack classify with its lib/ there instead of a bundle")
                    .about(bundle.file());
        }
        return Path.of("/proc/self/fd", Integer.toString(copy));
    }

    private static GlintException failure(String found, String expected, String remedy) {
        return GlintException.failure(Reason.INPUT, found, expected, remedy);
    }
}
