package dev.glint.trainer.weights;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A file of weights that a run begins with, for the record: once there is an epoch, nobody needs the file.
 *
 * @param file where it was
 * @param sha256 of its bytes, in hexadecimal
 */
public record PretrainedWeights(Path file, String sha256) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public PretrainedWeights {
        file = file.toAbsolutePath().normalize();
        if (!SHA256.matcher(sha256).matches()) {
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
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            byte[] digest = ((DigestInputStream) in).getMessageDigest().digest();
            return new PretrainedWeights(file, HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
