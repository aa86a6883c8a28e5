package dev.glint.runtime.decode;

import dev.glint.runtime.failure.GlintException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a folder and the folders below it hold, told by the names of the files; hidden ones do not count.
 *
 * @param pictures the files that can be read as pictures, sorted by their paths
 * @param others how many files there are beside them, by their extensions in lower case, sorted
 * @param problems the failures ({@code INPUT}) of the folders that could not be read, each naming its folder
 */
public record FolderContents(List<Path> pictures, SortedMap<String, Integer> others, List<GlintException> problems) {
    public FolderContents {
        pictures = List.copyOf(pictures);
        others = Collections.unmodifiableSortedMap(new TreeMap<>(others));
        problems = List.copyOf(problems);
    }

    /** A clause that counts the pictures in formats that are not read (GIF, WebP, ...); empty if there are none. */
    public Optional<String> unreadPictures() {
        return count(UnreadFormat::hasExtension, "picture", "in formats that are not read");
    }

    /** A clause that counts the files whose names are not those of pictures; empty if there are none. */
    public Optional<String> otherFiles() {
        return count(extension -> !UnreadFormat.hasExtension(extension), "file", "that are no pictures by their names");
    }

    private Optional<String> count(Predicate<String> counted, String noun, String which) {
        List<Map.Entry<String, Integer>> kinds = others.entrySet().stream()
                .filter(entry -> counted.test(entry.getKey()))
                .toList();
        if (kinds.isEmpty()) {
            return Optional.empty();
        }
        int count = kinds.stream().mapToInt(Map.Entry::getValue).sum();
        return Optional.of("left out " + count + " " + noun + (count == 1 ? " " : "s ") + which
                + kinds.stream()
                        .map(entry -> (entry.getKey().isEmpty() ? "no extension" : "." + entry.getKey()) + " "
                                + entry.getValue())
                        .collect(Collectors.joining(", ", " (", ")")));
    }
}
