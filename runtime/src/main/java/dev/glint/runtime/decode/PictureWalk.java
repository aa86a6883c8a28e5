package dev.glint.runtime.decode;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The files in a folder and the folders below it, one after the other, sorted by their paths. Only the names in the folders
 * that lead to the present file are held, so a tree may have any number of them. Links are followed, but for those that lead
 * back to a folder that they lie in, and those to a folder that another link has led to; names that begin with a dot are left
 * out. For one thread.
 */
public final class PictureWalk {
    private static final String SEPARATOR = "/";

    /** In place of bytes that are no text: such a name does not lead back to its file. */
    private static final char REPLACEMENT = '\ufffd';

    private final int maxDepth;
    private final Predicate<Path> wanted;
    private final Deque<Level> levels = new ArrayDeque<>();

    /** Those that links have led to: a few that link to each other would be a million ways otherwise. */
    private final Set<Object> linked = new HashSet<>();

    private final Deque<GlintException> problems = new ArrayDeque<>();
    private final SortedMap<String, Integer> others = new TreeMap<>();

    /**
     * A folder on the way.
     *
     * @param names in it that are still to come, the last first; those of folders end with a slash
     * @param odd entries by such a name that no text leads to
     */
    private record Level(Path folder, Object key, List<String> names, Map<String, Deque<Path>> odd) {
        Path entry(String name) {
            Deque<Path> paths = odd.get(name);
            return paths == null ? folder.resolve(name) : paths.remove();
        }
    }

    /**
     * Begins at a folder.
     *
     * @param maxDepth how many levels are entered: 1 for the folder alone
     * @param wanted which files are returned; the others are counted
     * @throws GlintException ({@code INPUT}) naming the folder if there is none or it cannot be read itself
     */
    public PictureWalk(Path folder, int maxDepth, Predicate<Path> wanted) {
        this.maxDepth = maxDepth;
        this.wanted = wanted;
        try {
            BasicFileAttributes attributes = Files.readAttributes(folder, BasicFileAttributes.class);
            if (!attributes.isDirectory()) {
                throw new IOException("no folder");
            }
            enter(folder, key(folder, attributes));
        } catch (NotDirectoryException e) {
            throw unreadable(folder, new IOException("no folder"));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    /** All pictures, by their names, in a folder and the folders below it. */
    public static PictureWalk everything(Path folder) {
        return new PictureWalk(folder, Integer.MAX_VALUE, PictureFiles::isPicture);
    }

    /**
     * The next file; empty when there is none.
     *
     * @throws GlintException ({@code INPUT}) naming a folder below, or a file, that cannot be read; the next call goes on
     *     behind it
     */
    public Optional<Path> next() {
        while (true) {
            if (!problems.isEmpty()) {
                throw problems.remove();
            }
            Level level = levels.peek();
            if (level == null) {
                return Optional.empty();
            }
            if (level.names().isEmpty()) {
                levels.pop();
                continue;
            }
            String name = level.names().remove(level.names().size() - 1);
            Path entry = level.entry(name);
            if (name.endsWith(SEPARATOR)) {
                descend(entry);
            } else if (wanted.test(entry)) {
                return Optional.of(entry);
            } else {
                others.merge(PictureFiles.extension(entry), 1, Integer::sum);
            }
        }
    }

    /** How many files there were so far that were not wanted, by their extensions in lower case, sorted. */
    public SortedMap<String, Integer> others() {
        return Collections.unmodifiableSortedMap(others);
    }

    private void descend(Path folder) {
        if (levels.size() >= maxDepth) {
            return;
        }
        try {
            Object key = key(folder, Files.readAttributes(folder, BasicFileAttributes.class));
            boolean around = levels.stream().anyMatch(level -> level.key().equals(key));
            if (!around && (!Files.isSymbolicLink(folder) || linked.add(key))) {
                enter(folder, key);
            }
        } catch (IOException e) {
            problems.add(unreadable(folder, e));
        }
    }

    /** The names of a folder that breaks off while it is read are those that came before. */
    private void enter(Path folder, Object key) throws IOException {
        Level level = new Level(folder, key, new ArrayList<>(), new HashMap<>());
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.startsWith(".")) {
                    add(entry, name, level);
                }
            }
        } catch (DirectoryIteratorException e) {
            problems.add(unreadable(folder, Objects.requireNonNull(e.getCause())));
        }
        level.names().sort(Collections.reverseOrder());
        levels.push(level);
    }

    private void add(Path entry, String name, Level level) {
        try {
            BasicFileAttributes attributes = attributes(entry);
            // A link that leads nowhere is a picture that is missing.
            if (!attributes.isDirectory() && !attributes.isRegularFile() && !attributes.isSymbolicLink()) {
                others.merge(PictureFiles.extension(entry), 1, Integer::sum);
                return;
            }
            String listed = attributes.isDirectory() ? name + SEPARATOR : name;
            level.names().add(listed);
            if (name.indexOf(REPLACEMENT) >= 0) {
                level.odd().computeIfAbsent(listed, odd -> new ArrayDeque<>()).add(entry);
            }
        } catch (IOException e) {
            problems.add(unreadable(entry, e));
        }
    }

    private static BasicFileAttributes attributes(Path entry) throws IOException {
        try {
            return Files.readAttributes(entry, BasicFileAttributes.class);
        } catch (IOException e) {
            return Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static Object key(Path folder, BasicFileAttributes attributes) throws IOException {
        Object key = attributes.fileKey();
        return key == null ? folder.toRealPath() : key;
    }

    private static GlintException unreadable(Path folder, IOException e) {
        return GlintException.failure(
                        Reason.INPUT,
                        "an unreadable folder (" + FileFailure.why(e) + ")",
                        "a folder with pictures",
                        "check the path and its permissions")
                .causedBy(e)
                .about(folder);
    }
}
