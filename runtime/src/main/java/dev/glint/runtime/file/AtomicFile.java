package dev.glint.runtime.file;

import dev.glint.runtime.failure.FileFailure;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Files that appear whole or not at all: written beside their target, flushed to the disk, moved over it at once. A
 * process that is killed meanwhile leaves the old file, and beside it at most one that {@link #isTemporary} knows.
 */
public final class AtomicFile {

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to the channel, which the caller closes. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /** As many as Linux follows. */
    private static final int MAX_LINKS = 40;

    private static final AtomicLong WRITES = new AtomicLong();
    private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.\\d+-\\d+\\.tmp");

    private AtomicFile() {}

    /** Writes UTF-8 text. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes bytes. */
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, channel -> Channels.newOutputStream(channel).write(bytes));
    }

    /**
     * Writes a file. If writing fails, the target is as it was and nothing is left beside it. When this returns, the new
     * file outlives a power cut.
     *
     * @param file the target, replaced if it exists, also if it is a link to a file: others may have put that into a folder
     *     of theirs, see {@link #behindLinks}; its folder is made if it is missing
     * @throws FileSystemException naming the file, as when the disk is full, or if it is a device, a pipe or a folder
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = Objects.requireNonNullElse(target.getParent(), target);
        requireReplaceable(file);
        makeFolders(folder);
        Begun begun = begin(file, target);
        try {
            try (FileChannel channel = begun.channel()) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(begun.temporary(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            flushFolder(folder);
        } catch (IOException e) {
            if (e instanceof FileSystemException other
                    && !begun.temporary().toString().equals(other.getFile())) {
                throw e;
            }
            throw naming(file, e);
        } finally {
            Files.deleteIfExists(begun.temporary());
        }
    }

    private static FileSystemException naming(Path file, IOException e) {
        FileSystemException named = new FileSystemException(file.toString(), null, FileFailure.why(e));
        named.initCause(e);
        return named;
    }

    /**
     * Where a file lies that somebody named who means what is behind a link: itself, if it is none.
     *
     * @param file existing or not
     * @throws IOException if links lead in a circle
     */
    public static Path behindLinks(Path file) throws IOException {
        Path place = file;
        for (int links = 0; Files.isSymbolicLink(place); links++) {
            if (links == MAX_LINKS) {
                throw new FileSystemException(file.toString(), null, "links that lead in a circle");
            }
            place = place.resolveSibling(Files.readSymbolicLink(place));
        }
        return place;
    }

    private static void requireReplaceable(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            String found = Files.isDirectory(file) ? "a folder" : "a device or a pipe";
            throw new FileSystemException(file.toString(), null, "it is " + found + ", which no file can replace");
        }
    }

    /** A file beside its target that did not exist before. */
    private record Begun(Path temporary, FileChannel channel) {}

    private static Begun begin(Path file, Path target) throws IOException {
        while (true) {
            Path temporary = temporary(target);
            try {
                return new Begun(
                        temporary,
                        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            } catch (FileAlreadyExistsException e) {
                // Of a process with this one's number, killed or in another container, or put there by who guessed the
                // name: take the next.
            } catch (IOException e) {
                throw naming(file, e);
            }
        }
    }

    /** Makes a folder and those above it that are missing. When this returns, they outlive a power cut. */
    public static void makeFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            makeFolders(parent);
        }
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            return;
        }
        if (parent != null) {
            flushFolder(parent);
        }
    }

    /** A name beside the target that no one else in this process uses. */
    static Path temporary(Path target) {
        return target.resolveSibling("." + target.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + WRITES.incrementAndGet() + ".tmp");
    }

    /** The move itself is on the disk only when the folder is. */
    static void flushFolder(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (IOException e) {
            // Windows opens no folders; it keeps their changes in a journal.
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    /** Whether a file or folder is one that a writer had begun; if no one writes there any more, it was killed. */
    public static boolean isTemporary(Path file) {
        return TEMPORARY.matcher(file.getFileName().toString()).matches();
    }

    /** Removes what killed writers have left in a folder. No one may be writing there meanwhile. */
    public static void removeLeftovers(Path folder) throws IOException {
        List<Path> leftovers;
        try (Stream<Path> files = Files.list(folder)) {
            leftovers = files.filter(AtomicFile::isTemporary).toList();
        }
        for (Path leftover : leftovers) {
            AtomicFolder.deleteTree(leftover);
        }
    }
}
