package dev.glint.console;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody probably meant who typed a word that is none of the known ones. */
public final class Suggestion {
    private Suggestion() {}

    /**
     * The known word that is nearest to what was typed, if it is near enough: a third of the letters may differ.
     * Capitals, hyphens and underscores count for nothing. Of equally near words it is the one that is as long.
     */
    public static Optional<String> nearest(String typed, Collection<String> known) {
        String word = normalized(typed);
        int tolerance = Math.max(1, word.length() / 3);
        return word.length() < 2
                ? Optional.empty()
                : known.stream()
                        .filter(candidate -> distance(word, normalized(candidate)) <= tolerance)
                        .min(Comparator.comparingInt((String candidate) -> distance(word, normalized(candidate)))
                                .thenComparingInt(candidate -> Math.abs(
                                        word.length() - normalized(candidate).length())));
    }

    /** A question behind an error, or what to do where nothing is near. */
    public static String remedy(String typed, Collection<String> known, String otherwise) {
        return nearest(typed, known).map(word -> "did you mean " + word + "?").orElse(otherwise);
    }

    private static String normalized(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    }

    /**
     * How many letters must be inserted, left out, changed or swapped with their neighbour to make one word of the
     * other: the optimal string alignment distance.
     *
     * @see <a href="https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance">Damerau-Levenshtein distance</a>
     */
    static int distance(String a, String b) {
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(rows[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            rows[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(Math.min(rows[i - 1][j], rows[i][j - 1]) + 1, rows[i - 1][j - 1] + changed);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                rows[i][j] = swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
            }
        }
        return rows[a.length()][b.length()];
    }
}
