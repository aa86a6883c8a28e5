package dev.glint.runtime.decode;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The pictures in a folder, told by their names: a folder may hold anything else beside them. */
public final class PictureFiles {
    private static final Set<String> EXTENSIONS =
            Set.of("png", "apng", "jpg", "jpeg", "jpe", "jfif", "bmp", "dib", "ppm", "pgm", "pbm", "pnm", "pam");

    private PictureFiles() {}

    /**
     * What a folder and the folders below it hold, as {@link PictureWalk} finds it. A folder below that cannot be read is a
     * problem of the result, and does not stop the search.
     *
     * @throws GlintException ({@code INPUT}) naming the folder if there is none or it cannot be read itself
     */
    public static FolderContents search(Path folder) {
        PictureWalk walk = PictureWalk.everything(folder);
        List<Path> pictures = new ArrayList<>();
        List<GlintException> problems = new ArrayList<>();
        while (true) {
            try {
                Optional<Path> file = walk.next();
                if (file.isEmpty()) {
                    return new FolderContents(pictures, walk.others(), problems);
                }
                pictures.add(file.get());
            } catch (GlintException e) {
                problems.add(e);
            }
        }
    }

    /** Whether a file is a picture by its name. */
    public static boolean isPicture(Path file) {
        return EXTENSIONS.contains(extension(file));
    }

    /** What stands behind the last dot of a file's name, in lower case; nothing if only the first letter is one. */
    static String extension(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
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
}
