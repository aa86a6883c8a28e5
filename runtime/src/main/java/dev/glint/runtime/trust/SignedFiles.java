package dev.glint.runtime.trust;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The files of a model that one signature covers: a folder with its {@value #IN_FOLDER}, or a single file with its name and {@value
 * #SUFFIX} behind it beside it.
 *
 * @param root the folder, or the file
 * @param signature the bundle
 * @param folder whether it is a folder
 */
public record SignedFiles(Path root, Path signature, boolean folder) {
    /** The name of the bundle in a folder. */
    public static final String IN_FOLDER = "model.sig";

    /** What is behind a file's name in that of its bundle. */
    public static final String SUFFIX = ".sig";

    /** How many files and folders a signed folder may hold. */
    public static final int MAX_FILES = 10_000;

    private static final int MAX_DEPTH = 32;
    private static final String SEPARATOR = "/";

    /** The signature that belongs to a file or folder, whether it is there or not. */
    public static SignedFiles beside(Path model) {
        Path absolute = model.toAbsolutePath();
        return Files.isDirectory(model)
                ? new SignedFiles(model, model.resolve(IN_FOLDER), true)
                : new SignedFiles(model, absolute.resolveSibling(absolute.getFileName() + SUFFIX), false);
    }

    /** The signatures that may cover a model file: that of its folder and, where the folder has none, its own. */
    public static List<SignedFiles> candidates(Path file) {
        return List.of(beside(folderOf(file)), beside(file));
    }

    /**
     * The signature that covers a model file.
     *
     * @throws GlintException ({@code MODEL}) naming the file if there is none
     */
    static SignedFiles covering(Path file) {
        for (SignedFiles candidate : candidates(file)) {
            if (Files.exists(candidate.signature, LinkOption.NOFOLLOW_LINKS)) {
                return candidate;
            }
        }
        throw GlintException.failure(
                        Reason.MODEL,
                        "an unsigned model",
                        IN_FOLDER + " in its folder, or " + file.getFileName() + SUFFIX,
                        "sign it with exporter sign, or leave out --trust and GLINT_TRUST")
                .about(file);
    }

    private static Path folderOf(Path file) {
        Path folder = file.getParent();
        return folder == null ? Path.of("").toAbsolutePath() : folder;
    }

    /** What a model file is called in the statement. */
    String path(Path file) {
        return file.getFileName().toString();
    }

    /** What the model is called. */
    public String name() {
        Path name = root.toAbsolutePath().normalize().getFileName();
        return name == null ? "model" : name.toString();
    }

    /**
     * What is there, by its path in the statement, in its order. The signature itself is not of it.
     *
     * @param ignored paths that are passed over, with all that lies in them
     * @throws GlintException ({@code MODEL}) naming what is neither a file nor a folder, such as a symbolic link
     */
    public Map<String, Path> list(Predicate<String> ignored) throws IOException {
        Map<String, Path> found = new TreeMap<>(SignedPath.ORDER);
        if (folder) {
            Path own = signature.getFileName();
            Predicate<String> passedOver = path -> ignored.test(path) || path.equals(own.toString());
            collect(root, "", passedOver, 0, found);
            found.keySet().removeIf(path -> path.endsWith(SEPARATOR));
        } else {
            requireFile(root);
            found.put(path(root), root);
        }
        return found;
    }

    /** Adds files by their paths, and folders by theirs with a {@value #SEPARATOR} behind them, for the count. */
    private void collect(Path place, String prefix, Predicate<String> ignored, int depth, Map<String, Path> found)
            throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
            for (Path entry : entries) {
                String path = prefix + entry.getFileName();
                if (ignored.test(path)) {
                    continue;
                }
                if (found.size() == MAX_FILES || depth == MAX_DEPTH) {
                    throw refused(
                            "more than " + MAX_FILES + " files and folders, or folders " + MAX_DEPTH + " deep",
                            "less",
                            root);
                }
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    found.put(path + SEPARATOR, entry);
                    collect(entry, path + SEPARATOR, ignored, depth + 1, found);
                } else {
                    requireFile(entry);
                    found.put(path, entry);
                }
            }
        }
    }

    private static void requireFile(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw refused(
                    attributes.isSymbolicLink() ? "a symbolic link" : "neither a file nor a folder",
                    "files and folders, which a signature covers",
                    file);
        }
    }

    private static GlintException refused(String found, String expected, Path file) {
        return GlintException.failure(
                        Reason.MODEL, found, expected, "remove it, or put a copy of the file in its place")
                .about(file);
    }

    /** The SHA-256 of a file, which no link may stand for. */
    public static String digest(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return Sha256.ofStream(in);
        }
    }

    /** The statement that is signed, if the key confirms it. */
    ModelStatement statement(TrustedKey key) {
        try {
            // Asked first: whoever opens a pipe waits for a writer.
            requireFile(signature);
            return statement(key, Files.newInputStream(signature, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.MODEL, signature, "the signature of a model", e);
        } catch (GlintException e) {
            throw e.about(signature);
        }
    }

    private static ModelStatement statement(TrustedKey key, InputStream stream) throws IOException {
        try (InputStream in = stream) {
            return statement(key, in.readNBytes(SignatureBundle.MAX_BYTES + 1));
        }
    }

    /** The same of a bundle's JSON form. */
    static ModelStatement statement(TrustedKey key, byte[] json) {
        SignatureBundle bundle = SignatureBundle.parse(json);
        key.requireSigned(bundle);
        return ModelStatement.parse(bundle);
    }
}
