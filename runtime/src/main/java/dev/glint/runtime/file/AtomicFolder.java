package dev.glint.runtime.file;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder that appears whole or not at all: filled beside its place under a name that {@link AtomicFile#isTemporary}
 * knows, flushed to the disk, put into its place at once. Whoever may enter any other new folder may enter it. Closing it
 * removes what was not published; a process that is killed leaves that behind.
 */
public final class AtomicFolder implements AutoCloseable {
    /** Flushing is waiting: a disk takes many files together in the time of one. */
    private static final int FLUSHED_AT_ONCE = 16;

    private final Path target;
    private final Path staging;

    private AtomicFolder(Path target, Path staging) {
        this.target = target;
        this.staging = staging;
    }

    /**
     * Begins a folder.
     *
     * @param folder where it will stand; the folders above are made if they are missing
     */
    public static AtomicFolder begin(Path folder) throws IOException {
        Path target = place(folder);
        while (true) {
            Path staging = AtomicFile.temporary(target);
            try {
                return new AtomicFolder(target, Files.createDirectory(staging));
            } catch (FileAlreadyExistsException e) {
                // Left by a killed process that had this one's number, which is usual in containers: take the next
                // name.
            }
        }
    }

    /** Links are followed: where one leads to an empty folder, the new one is wanted there, not in place of the link. */
    private static Path place(Path folder) throws IOException {
        if (Files.exists(folder)) {
            return folder.toRealPath();
        }
        // The last name must be one; what is in front of it, ".." behind a link too, is for the system to read.
        Path name = folder.getFileName();
        boolean isName =
                name != null && !name.toString().equals(".") && !name.toString().equals("..");
        Path place = isName ? folder.toAbsolutePath() : folder.toAbsolutePath().normalize();
        Path parent = Objects.requireNonNull(place.getParent());
        AtomicFile.makeFolders(parent);
        return parent.toRealPath().resolve(Objects.requireNonNull(place.getFileName()));
    }

    /** Where the folder is until it is published; take no notice of it afterwards. */
    public Path staging() {
        return staging;
    }

    /**
     * Puts the folder into its place. When this returns, it outlives a power cut.
     *
     * @throws IOException if there is something by now that is no empty folder
     */
    public void publish() throws IOException {
        flushAll();
        Files.deleteIfExists(target);
        Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        AtomicFile.flushFolder(Objects.requireNonNull(target.getParent()));
    }

    /**
     * Puts some of its files into a folder that stands there already, each at once, in place of one of that name; the
     * others in that folder stay.
     *
     * @param names the files, in the order in which they appear
     */
    public void publishFiles(List<String> names) throws IOException {
        flushAll();
        for (String name : names) {
            Files.move(
                    staging.resolve(name),
                    target.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        AtomicFile.flushFolder(target);
    }

    private void flushAll() throws IOException {
        List<Path> files = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        try (Stream<Path> entries = Files.walk(staging)) {
            entries.forEach(entry -> (Files.isDirectory(entry) ? folders : files).add(entry));
        }
        flush(files);
        for (Path folder : folders) {
            AtomicFile.flushFolder(folder);
        }
    }

    private static void flush(List<Path> files) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(FLUSHED_AT_ONCE);
        try {
            List<Future<?>> flushed = new ArrayList<>();
            for (Path file : files) {
                flushed.add(pool.submit(() -> {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                    return null;
                }));
            }
            for (Future<?> each : flushed) {
                each.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while files were flushed");
        } finally {
            pool.shutdownNow();
        }
    }

    @Override
    public void close() throws IOException {
        deleteTree(staging);
    }

    /**
     * Checks that a folder may be written: it is new or empty.
     *
     * @param remedy what else its user can do, as in {@code "name another folder with --out"}
     * @throws GlintException ({@code INPUT}) naming it if it is a file or has something in it
     */
    public static void requireFree(Path folder, String remedy) throws IOException {
        requireFree(folder, remedy, entry -> false);
    }

    /**
     * Checks that a folder may be written: it is new, or all that is in it may go.
     *
     * @param remedy what else its user can do
     * @param dispensable whether something in the folder may go
     * @throws GlintException ({@code INPUT}) naming the folder if it is a file or has something else in it
     */
    public static void requireFree(Path folder, String remedy, Predicate<Path> dispensable) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            throw occupied(folder, "a file", remedy);
        }
        try (Stream<Path> entries = Files.list(folder)) {
            if (!entries.allMatch(dispensable)) {
                throw occupied(folder, "a folder with other things in it", remedy);
            }
        }
    }

    /** The failure of a folder that must not be written. */
    public static GlintException occupied(Path folder, String found, String remedy) {
        return GlintException.failure(Reason.INPUT, found, "a new or an empty folder", remedy)
                .about(folder);
    }

    /** Deletes a file, or a folder with everything in it; links are deleted, not followed. Nothing happens without one. */
    public static void deleteTree(Path path) throws IOException {
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(path)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
