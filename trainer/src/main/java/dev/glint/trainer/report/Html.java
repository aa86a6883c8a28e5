package dev.glint.trainer.report;

import java.util.List;
import java.util.Locale;

/** Pieces of HTML. Every text goes through {@link #escape}. */
final class Html {
    private final StringBuilder html = new StringBuilder();

    /** Text as it stands between tags and in quoted attributes. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** Appends markup as it is. */
    Html raw(String markup) {
        html.append(markup);
        return this;
    }

    /** Appends {@code markup} with each {@code {}} replaced by the next text, escaped. */
    Html add(String markup, Object... texts) {
        int from = 0;
        for (Object text : texts) {
            int at = markup.indexOf("{}", from);
            html.append(markup, from, at).append(escape(text.toString()));
            from = at + 2;
        }
        html.append(markup, from, markup.length());
        return this;
    }

    /** Begins a table of numbers, its first column being names. */
    Html beginTable(List<String> columns) {
        raw("<div class=\"scroll\"><table>\n<thead><tr>");
        columns.forEach(column -> add("<th scope=\"col\">{}</th>", column));
        return raw("</tr></thead>\n<tbody>\n");
    }

    /** A row of a table, the first cell being its name. */
    Html row(String name, List<String> cells) {
        add("<tr><th scope=\"row\">{}</th>", name);
        cells.forEach(cell -> add("<td>{}</td>", cell));
        return raw("</tr>\n");
    }

    Html endTable() {
        return raw("</tbody></table></div>\n");
    }

    /** A place for the chart of this name. */
    Html chart(String name, String description) {
        return add("<div class=\"chart\" data-chart=\"{}\" role=\"img\" aria-label=\"{}\"></div>\n", name, description);
    }

    @Override
    public String toString() {
        return html.toString();
    }

    /** A share, 0 to 1, in percent. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    static String fixed(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** A number in groups of three digits. */
    static String grouped(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A duration as people say it. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (seconds < 60) {
            return fixed(seconds, 1) + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }
}
