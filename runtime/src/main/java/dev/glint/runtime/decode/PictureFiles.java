package dev.glint.runtime.decode;

import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pictures in a folder, told by their names: a folder may hold anything else beside them. */
public final class PictureFiles {
    private static final Set<String> EXTENSIONS =
            Set.of("png", "apng", "jpg", "jpeg", "jpe", "jfif", "bmp", "dib", "ppm", "pgm", "pbm", "pnm", "pam");

    private PictureFiles() {}

    /**
     * What a folder and the folders below it hold. Links are followed, but for those that lead back to a folder that they lie
     * in; names that begin with a dot are left out. A folder below that cannot be read is a problem of the result, and does
     * not stop the search.
     *
     * @throws GlintException ({@code INPUT}) naming the folder if there is none or it cannot be read itself
     */
    public static FolderContents search(Path folder) {
        Search search = new Search(folder);
        try {
            Files.walkFileTree(folder, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, search);
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
        search.pictures.sort(Comparator.comparing(Path::toString));
        return new FolderContents(search.pictures, search.others, search.problems);
    }

    /**
     * All pictures in a folder and the folders below it, where each must be readable, sorted by their paths; as {@link
     * #search}.
     *
     * @throws GlintException ({@code INPUT}) naming the folder if it holds no pictures, or the one that cannot be read
     */
    public static List<Path> list(Path folder) {
        FolderContents contents = search(folder);
        if (!contents.problems().isEmpty()) {
            throw contents.problems().get(0);
        }
        return requirePictures(folder, contents).pictures();
    }

    /**
     * Lets a folder's contents through if there are pictures in it.
     *
     * @throws GlintException ({@code INPUT}) naming the folder, and what it holds instead
     */
    public static FolderContents requirePictures(Path folder, FolderContents contents) {
        if (contents.pictures().isEmpty()) {
            String instead =
                    contents.unreadPictures().map(clause -> " (" + clause + ")").orElse("");
            throw GlintException.failure(
                            Reason.INPUT,
                            "a folder without pictures" + instead,
                            "PNG, JPEG, BMP or Netpbm files in it",
                            "check the path and the names of the files")
                    .about(folder);
        }
        return contents;
    }

    /**
     * The folders in a folder of class folders, sorted by name; hidden ones are left out.
     *
     * @throws IOException if the folder cannot be listed
     */
    public static List<Path> classFolders(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
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

    /** Collects on its way. */
    private static final class Search extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final List<Path> pictures = new ArrayList<>();
        private final SortedMap<String, Integer> others = new TreeMap<>();
        private final List<GlintException> problems = new ArrayList<>();

        Search(Path folder) {
            this.folder = folder;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path entry, BasicFileAttributes attributes) {
            return isHidden(entry) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (file.equals(folder)) {
                throw new IOException("no folder");
            }
            if (!isHidden(file)) {
                String extension = extension(file);
                // A link that leads nowhere is a picture that is missing.
                boolean readable = attributes.isRegularFile() || attributes.isSymbolicLink();
                if (readable && EXTENSIONS.contains(extension)) {
                    pictures.add(file);
                } else {
                    others.merge(extension, 1, Integer::sum);
                }
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path entry, IOException e) throws IOException {
            if (entry.equals(folder)) {
                throw e;
            }
            if (!isHidden(entry) && !(e instanceof FileSystemLoopException)) {
                problems.add(unreadable(entry, e));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path entry, @Nullable IOException e) throws IOException {
            return e == null ? FileVisitResult.CONTINUE : visitFileFailed(entry, e);
        }

        private boolean isHidden(Path entry) {
            return !entry.equals(folder) && entry.getFileName().toString().startsWith(".");
        }

        private static String extension(Path file) {
            String name = file.getFileName().toString();
            int dot = name.lastIndexOf('.');
            return dot > 0 ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
        }
    }
}
