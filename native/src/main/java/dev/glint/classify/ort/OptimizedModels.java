package dev.glint.classify.ort;

import dev.glint.runtime.file.AtomicFile;
import dev.glint.runtime.file.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Large models as ONNX Runtime optimised them, kept for the next start. A file is named by the digests of its model and of what
 * optimised it: ONNX Runtime's version and the processor. To digest a large model costs more than is won, so a small file
 * beside it says which model file, as the system knows it, has which digest, and how the optimised file looked when it was
 * written; anything else counts for nothing.
 *
 * <p>The folder belongs to this user alone; one that others can write is left alone, for who writes there chooses what this
 * program answers. Whatever fails here costs no more than the time that would have been saved.
 */
final class OptimizedModels {
    /** Below, too little is won. */
    static final long SMALLEST_MODEL = 4 << 20;

    /** Models of which one is kept; the oldest go. */
    private static final int KEPT = 8;

    /** File systems keep time in steps, so what was changed just now may be changed again unseen. */
    private static final int SETTLED_SECONDS = 2;

    /** So long no one writes a file. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private static final String BEGUN = ".tmp";
    private static final String MODEL = ".ort";
    private static final String KEY = ".key";
    private static final int MAX_KEY_BYTES = 4096;

    private final Path folder;
    private final int user;
    private final String optimizer;
    private final Clock clock;

    /**
     * Looks at no file yet.
     *
     * @param folder which may be missing, or a link of this user or root, as systemd makes for CacheDirectory= with DynamicUser=
     * @param user the owner that all its files must have
     * @param optimizer what the optimised files depend on beside their models
     */
    OptimizedModels(Path folder, int user, String optimizer, Clock clock) {
        this.clock = clock;
        this.folder = behindLink(folder, user);
        this.user = user;
        this.optimizer = optimizer;
    }

    private static Path behindLink(Path folder, int user) {
        try {
            int owner = FileIdentity.read(folder, LinkOption.NOFOLLOW_LINKS).uid();
            return Files.isSymbolicLink(folder) && (owner == 0 || owner == user)
                    ? folder.resolveSibling(Files.readSymbolicLink(folder))
                    : folder;
        } catch (IOException | UnsupportedOperationException e) {
            return folder;
        }
    }

    /** The optimised form of a model, if it is there and nobody has touched it. */
    Optional<Path> find(Path model) {
        try {
            if (!isPrivate(FileIdentity.read(folder, LinkOption.NOFOLLOW_LINKS))) {
                return Optional.empty();
            }
            Path key = key(FileIdentity.read(model));
            FileIdentity kept = FileIdentity.read(key, LinkOption.NOFOLLOW_LINKS);
            if (!isPrivate(kept) || kept.size() > MAX_KEY_BYTES) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(key);
            if (lines.size() != 2 || !isName(lines.get(0))) {
                return Optional.empty();
            }
            Path optimized = folder.resolve(lines.get(0));
            FileIdentity found = FileIdentity.read(optimized, LinkOption.NOFOLLOW_LINKS);
            return isPrivate(found) && found.text().equals(lines.get(1)) ? Optional.of(optimized) : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private boolean isPrivate(FileIdentity file) {
        return file.belongsTo(user);
    }

    private static boolean isName(String name) {
        return name.endsWith(MODEL) && name.indexOf('/') < 0 && name.indexOf('\0') < 0;
    }

    /** Writes the optimised form of a model to a file. */
    @FunctionalInterface
    interface Optimizer {
        void writeTo(Path file) throws OrtFailure;
    }

    /**
     * Keeps the optimised form of a model.
     *
     * @param model which must not change meanwhile
     * @param writer is called once if there is a place to keep it
     * @return whether it was called; then it is kept, unless something went wrong
     * @throws OrtFailure if the writer does
     */
    boolean add(Path model, Optimizer writer) throws OrtFailure {
        Path raw;
        try {
            makeFolder();
            raw = Files.createTempFile(folder, "new", BEGUN);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
        try {
            FileIdentity before = FileIdentity.read(model);
            writer.writeTo(raw);
            String name = shortened(Sha256.ofFile(model)) + "-" + digest(optimizer) + MODEL;
            if (before.equals(FileIdentity.read(model)) && isSettled(before.changed())) {
                keep(raw, name, before);
            }
        } catch (IOException e) {
            // The next start tries again.
        } finally {
            deleteQuietly(raw);
        }
        return true;
    }

    private boolean isSettled(FileTime changed) {
        return changed.toInstant().isBefore(clock.instant().minusSeconds(SETTLED_SECONDS));
    }

    private static boolean hasPlace(Path folder) {
        Path above = folder.getParent();
        return above == null || Files.isDirectory(above);
    }

    private void makeFolder() throws IOException {
        Path parent = folder.getParent();
        if (Files.notExists(folder) && parent != null && hasPlace(parent)) {
            for (Path missing : List.of(parent, folder)) {
                if (Files.notExists(missing)) {
                    Files.createDirectory(
                            missing,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                }
            }
        }
        FileIdentity made = FileIdentity.read(folder, LinkOption.NOFOLLOW_LINKS);
        if (!isPrivate(made) || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("not ours alone");
        }
    }

    private void keep(Path raw, String name, FileIdentity model) throws IOException {
        Path optimized = folder.resolve(name);
        try (FileChannel from = FileChannel.open(raw, StandardOpenOption.READ)) {
            AtomicFile.write(optimized, to -> from.transferTo(0, from.size(), to));
        }
        Files.setPosixFilePermissions(optimized, PosixFilePermissions.fromString("rw-------"));
        AtomicFile.write(
                key(model),
                name + "\n"
                        + FileIdentity.read(optimized, LinkOption.NOFOLLOW_LINKS)
                                .text() + "\n");
        Files.setPosixFilePermissions(key(model), PosixFilePermissions.fromString("rw-------"));
        removeOldest(MODEL);
        removeOldest(KEY);
        removeAbandoned();
    }

    /** What killed processes had begun. */
    private void removeAbandoned() throws IOException {
        Instant old = clock.instant().minus(ABANDONED);
        files(BEGUN).stream()
                .filter(file -> written(file).toInstant().isBefore(old))
                .forEach(OptimizedModels::deleteQuietly);
    }

    private void removeOldest(String suffix) throws IOException {
        files(suffix).stream()
                .sorted(Comparator.comparing(OptimizedModels::written).reversed())
                .skip(KEPT)
                .forEach(OptimizedModels::deleteQuietly);
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** Forgets the optimised form of a model, as when ONNX Runtime does not take it. */
    void remove(Path model, Path optimized) {
        try {
            deleteQuietly(key(FileIdentity.read(model)));
        } catch (IOException e) {
            // Without the optimised file it counts for nothing.
        }
        deleteQuietly(optimized);
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It is not ours, or gone.
        }
    }

    private Path key(FileIdentity model) {
        return folder.resolve(digest(model.text() + "\n" + optimizer) + KEY);
    }

    private static String digest(String text) {
        return shortened(Sha256.ofBytes(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Half of a digest is enough to tell files apart. */
    private static String shortened(String digest) {
        return digest.substring(0, 32);
    }
}
