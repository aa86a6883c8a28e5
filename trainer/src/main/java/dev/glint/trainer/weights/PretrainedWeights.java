package dev.glint.trainer.weights;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of weights that a run begins with, for the record: once there is an epoch, nobody needs the file.
 *
 * @param file where it was
 * @param sha256 of its bytes, in hexadecimal
 */
public record PretrainedWeights(Path file, String sha256) {
    public PretrainedWeights {
        file = file.toAbsolutePath().normalize();
        if (!Sha256.isOne(sha256)) {
            throw new IllegalArgumentException("the SHA-256 " + sha256);
        }
    }

    /**
     * Describes a file that is there; what is in it does not matter yet.
     *
     * @throws GlintException ({@code INPUT}) if it is a folder
     * @throws IOException if it cannot be read
     */
    public static PretrainedWeights describe(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "a folder",
                            "a file of weights",
                            "name a file, such as the best.safetensors of a run")
                    .about(file);
        }
        return new PretrainedWeights(file, Sha256.ofFile(file));
    }
}
