package dev.glint.onnx.graph;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a model file, which are not trusted. */
public final class ModelBytes {
    /** What protobuf allows a message. */
    public static final long MAX_BYTES = Integer.MAX_VALUE;

    private ModelBytes() {}

    /**
     * Reads a file.
     *
     * @throws GlintException ({@code MODEL}), naming the file, if it is missing or cannot be read, ({@code LIMIT}) if it has
     *     more than {@link #MAX_BYTES}
     */
    public static byte[] read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw GlintException.failure(Reason.MODEL, "no file", "an ONNX model", "check the path of the model")
                        .about(file);
            }
            if (Files.size(file) > MAX_BYTES) {
                throw GlintException.failure(
                                Reason.LIMIT, Files.size(file) + " bytes", "at most 2 GiB", "use a smaller model")
                        .about(file);
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The failure of a file that cannot be read. */
    public static GlintException unreadable(Path file, IOException cause) {
        return GlintException.failure(
                        Reason.MODEL,
                        "no readable file (" + cause + ")",
                        "an ONNX model",
                        "check the path of the model")
                .causedBy(cause)
                .about(file);
    }
}
