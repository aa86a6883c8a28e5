package dev.glint.exporter.cli;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Size;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the values of options that have a form of their own. */
final class OptionText {
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,4})(?:x([1-9][0-9]{0,4}))?");
    private static final Pattern NUMBER =
            Pattern.compile("([+-]?[0-9]{0,9}(?:\\.[0-9]{0,17})?(?:[eE][+-]?[0-9]{1,2})?)(?:/([0-9]+(?:\\.[0-9]+)?))?");

    private OptionText() {}

    /** {@code 320x240}, or {@code 224} for both. */
    static Size size(String option, String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw usage(option, text, "a size such as 320x240, or one number for both");
        }
        int width = Integer.parseInt(matcher.group(1));
        return new Size(width, matcher.group(2) == null ? width : Integer.parseInt(matcher.group(2)));
    }

    /** {@code 0.017} or {@code 1/255}. */
    static double number(String option, String text) {
        Matcher matcher = NUMBER.matcher(text.strip());
        try {
            if (matcher.matches()) {
                double number = Double.parseDouble(matcher.group(1));
                return matcher.group(2) == null ? number : number / Double.parseDouble(matcher.group(2));
            }
        } catch (NumberFormatException e) {
            throw usage(option, text, "a number").causedBy(e);
        }
        throw usage(option, text, "a number such as 0.5 or 1/255");
    }

    /** Such numbers, with commas between them. */
    static List<Double> numbers(String option, String text) {
        return Arrays.stream(text.split(",", -1))
                .map(one -> number(option, one))
                .toList();
    }

    static GlintException usage(String option, String found, String expected) {
        return GlintException.failure(Reason.USAGE, found, expected, "correct the option")
                .about(option);
    }
}
