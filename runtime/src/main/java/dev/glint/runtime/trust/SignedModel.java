package dev.glint.runtime.trust;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** A model whose signature is held against its files, and the bytes of one of them. */
public final class SignedModel {
    private static final String REMEDY =
            "take the model from who signed it once more, or sign it again with exporter sign";

    private SignedModel() {}

    /**
     * The bytes of a model file, outside the heap and of this process alone: what was compared with the signature is what is returned, and
     * nobody can change it afterwards. All other files that the signature covers are compared, too.
     *
     * @param file in a folder with {@value SignedFiles#IN_FOLDER}, or with a {@value SignedFiles#SUFFIX} of its own beside it
     * @throws GlintException ({@code MODEL}) naming the file that is not signed, not as it was signed, missing or added, or whose
     *     signature the key does not confirm
     */
    public static ByteBuffer read(Path file, TrustedKey key) {
        requirePresent(file);
        SignedFiles files = SignedFiles.covering(file);
        return read(file, files, files.statement(key));
    }

    /**
     * Passes if a model file can be read with a signature that is not written yet.
     *
     * @param files which the signature is to cover
     * @param signature the bundle's JSON form
     * @throws GlintException ({@code MODEL}) as {@link #read(Path, TrustedKey)}
     */
    public static void requireReadable(Path file, SignedFiles files, byte[] signature, TrustedKey key) {
        read(file, files, SignedFiles.statement(key, signature));
    }

    private static ByteBuffer read(Path file, SignedFiles files, ModelStatement statement) {
        try {
            Map<String, Path> there = files.list(statement::ignores);
            requireSameNames(files, statement, there);
            String path = files.path(file);
            Path chosen = there.get(path);
            if (chosen == null) {
                throw differing("a file that is not signed", "one that the signature covers")
                        .about(file);
            }
            ByteBuffer bytes = content(chosen);
            requireDigest(statement, path, Sha256.ofBuffer(bytes), chosen);
            for (Map.Entry<String, Path> other : there.entrySet()) {
                if (!other.getKey().equals(path)) {
                    requireDigest(statement, other.getKey(), SignedFiles.digest(other.getValue()), other.getValue());
                }
            }
            return bytes;
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.MODEL, files.root(), "a signed model", e);
        }
    }

    private static void requirePresent(Path file) {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw GlintException.failure(Reason.MODEL, "no such file", "an ONNX model", "check the path")
                    .about(file);
        }
    }

    private static void requireSameNames(SignedFiles files, ModelStatement statement, Map<String, Path> there) {
        Set<String> all = new TreeSet<>(SignedPath.ORDER);
        all.addAll(there.keySet());
        all.addAll(statement.digests().keySet());
        for (String path : all) {
            if (!there.containsKey(path)) {
                throw differing("no " + path + ", which is signed", "all files that are signed")
                        .about(files.root());
            }
            if (!statement.digests().containsKey(path)) {
                throw differing("a file that was added after it was signed", "no others than those that are signed")
                        .about(there.get(path));
            }
        }
    }

    private static void requireDigest(ModelStatement statement, String path, String found, Path file) {
        String expected = Objects.requireNonNull(statement.digests().get(path));
        if (!found.equals(expected)) {
            throw differing("a file that was changed after it was signed, SHA-256 " + found, expected)
                    .about(file);
        }
    }

    private static GlintException differing(String found, String expected) {
        return GlintException.failure(Reason.MODEL, found, expected, REMEDY);
    }

    /** A mapped file would go on changing with the file. */
    private static ByteBuffer content(Path file) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long size = channel.size();
            if (size > Integer.MAX_VALUE) {
                throw differing("a file of " + size + " bytes", "at most 2 GiB, as ONNX files have")
                        .about(file);
            }
            ByteBuffer bytes = ByteBuffer.allocateDirect((int) size);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Until it is full.
            }
            return bytes.flip();
        }
    }
}
