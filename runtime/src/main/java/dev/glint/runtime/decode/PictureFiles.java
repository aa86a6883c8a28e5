package dev.glint.runtime.decode;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The pictures in a folder, told by their names: a folder may hold anything else beside them. */
public final class PictureFiles {
    private static final Set<String> EXTENSIONS =
            Set.of("png", "apng", "jpg", "jpeg", "jpe", "jfif", "bmp", "dib", "ppm", "pgm", "pbm", "pnm", "pam");

    private PictureFiles() {}

    /**
     * All pictures in a folder and the folders below it, sorted by their paths. Links are followed; names that begin
     * with a dot are left out.
     *
     * @throws GlintException ({@code INPUT}) naming the folder if there is none or it cannot be read
     */
    public static List<Path> list(Path folder) {
        List<Path> pictures;
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            pictures = files.filter(file -> isPicture(folder, file))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "an unreadable folder (" + e.getMessage() + ")",
                            "a folder with pictures",
                            "check the path and its permissions")
                    .causedBy(e)
                    .about(folder);
        }
        if (pictures.isEmpty()) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "a folder without pictures",
                            "PNG, JPEG, BMP or Netpbm files in it",
                            "check the path and the names of the files")
                    .about(folder);
        }
        return pictures;
    }

    /**
     * How many files in a folder and the folders below it are no pictures by their names, by their extensions in lower case,
     * sorted; hidden ones do not count.
     *
     * @throws IOException if the folder cannot be read
     */
    public static SortedMap<String, Integer> others(Path folder) throws IOException {
        SortedMap<String, Integer> others = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            files.filter(file -> !isHidden(folder, file) && !Files.isDirectory(file) && !isPicture(folder, file))
                    .forEach(file -> others.merge(extension(file), 1, Integer::sum));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return others;
    }

    private static boolean isPicture(Path folder, Path file) {
        return !isHidden(folder, file) && EXTENSIONS.contains(extension(file)) && Files.isRegularFile(file);
    }

    private static boolean isHidden(Path folder, Path file) {
        for (Path name : folder.relativize(file)) {
            if (name.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(dot + 1).toLowerCase(Locale.ROOT) : "";
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
