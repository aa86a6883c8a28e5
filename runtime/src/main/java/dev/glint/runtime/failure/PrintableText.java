package dev.glint.runtime.failure;

/** Text from outside (file names, labels, words in a picture's header) on its way to a terminal. */
public final class PrintableText {
    private static final int REPLACEMENT = 0xfffd;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private PrintableText() {}

    /**
     * The text with U+FFFD in the place of what would act instead of being seen: control characters (C0, DEL, C1, and so
     * every escape sequence), separators of lines and paragraphs, format characters that change the direction or hide
     * letters, halves of surrogate pairs. The two joiners stay, because some scripts need them.
     *
     * @return the same object if there is none
     */
    public static String printable(String text) {
        if (text.codePoints().noneMatch(PrintableText::acts)) {
            return text;
        }
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().map(c -> acts(c) ? REPLACEMENT : c).forEach(printable::appendCodePoint);
        return printable.toString();
    }

    /** Whether a code point is one that {@link #printable} replaces. */
    public static boolean acts(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT -> character != ZERO_WIDTH_NON_JOINER && character != ZERO_WIDTH_JOINER;
            default -> false;
        };
    }
}
