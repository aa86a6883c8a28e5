package dev.glint.console;

import dev.glint.runtime.failure.PrintableText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Text for people. */
public final class Text {
    private Text() {}

    /** The text without what could move a terminal's cursor, end a line or hide letters: {@link PrintableText#printable}. */
    public static String printable(String text) {
        return PrintableText.printable(text);
    }

    /** The text with spaces behind it up to the given width. */
    public static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /**
     * A number rounded half up to a fixed count of digits, always written out: the digits that {@code Double.toString}
     * chooses differ between Java releases.
     */
    public static BigDecimal rounded(double value, int digits) {
        return new BigDecimal(value).setScale(digits, RoundingMode.HALF_UP);
    }

    /** A number rounded half up to so many digits from the first that is not zero, written out, without zeros behind it. */
    public static String shortest(double value, int digits) {
        return new BigDecimal(value)
                .round(new MathContext(digits, RoundingMode.HALF_UP))
                .stripTrailingZeros()
                .toPlainString();
    }

    /**
     * Lines in aligned columns, two spaces apart: the first column to the left, the others to the right.
     *
     * @param cells rows of them, each row as long as the first; they are made printable
     */
    public static List<String> table(List<List<String>> cells) {
        List<List<String>> rows = cells.stream()
                .map(row -> row.stream().map(Text::printable).toList())
                .toList();
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(padded(row.get(0), widths[0]));
            for (int c = 1; c < columns; c++) {
                String cell = row.get(c);
                line.append("  ").append(" ".repeat(widths[c] - cell.length())).append(cell);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
