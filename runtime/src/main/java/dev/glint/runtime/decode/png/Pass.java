package dev.glint.runtime.decode.png;

import java.util.List;

/** The pixels that one pass of a picture holds: every so many-th column and row from a first one on (section 8). */
record Pass(int x, int y, int stepX, int stepY) {
    private static final List<Pass> WHOLE = List.of(new Pass(0, 0, 1, 1));

    /** The seven passes of Adam7. */
    private static final List<Pass> ADAM7 = List.of(
            new Pass(0, 0, 8, 8),
            new Pass(4, 0, 8, 8),
            new Pass(0, 4, 4, 8),
            new Pass(2, 0, 4, 4),
            new Pass(0, 2, 2, 4),
            new Pass(1, 0, 2, 2),
            new Pass(0, 1, 1, 2));

    static List<Pass> passes(Header header) {
        return header.interlaced() ? ADAM7 : WHOLE;
    }

    /** Columns of a picture that belong to this pass. */
    int columns(int width) {
        return Math.max(0, (width - x + stepX - 1) / stepX);
    }

    /** Rows of a picture that belong to this pass; they are empty if there are no columns. */
    int rows(int height) {
        return Math.max(0, (height - y + stepY - 1) / stepY);
    }
}
