package dev.glint.runtime.decode.bmp;

import dev.glint.runtime.decode.common.Damage;

/**
 * Unpacks RLE8 and RLE4. As the format says, an end of line always moves to the next row and an
 * odd number of literal RLE4 pixels has half a byte to spare; Pillow 9.4 loses rows and pixels there. Pixels that are
 * skipped, or stand behind an end of bitmap, have index 0; pixels beyond the end of a row are dropped.
 */
final class RunLength {
    private static final int END_OF_LINE = 0;
    private static final int END_OF_BITMAP = 1;
    private static final int DELTA = 2;

    private final Bytes bytes;
    private final Header header;
    private final boolean fourBits;
    private final Canvas canvas;
    private final Palette palette;
    private int at;
    private int x;
    private int y;

    private RunLength(Bytes bytes, Header header, Canvas canvas) {
        this.bytes = bytes;
        this.header = header;
        this.canvas = canvas;
        this.palette = header.palette().orElseThrow();
        this.fourBits = header.compression() == Compression.RLE4;
        this.at = header.data();
    }

    static void unpack(Bytes bytes, Header header, Canvas canvas, boolean lenient) {
        RunLength run = new RunLength(bytes, header, canvas);
        for (int to = 0; to < canvas.samples().length; to += canvas.mode().channels()) {
            canvas.set(to, run.palette, 0);
        }
        boolean more = true;
        while (more) {
            more = run.unpackCode();
        }
        boolean complete = run.y >= header.height() || run.y == header.height() - 1 && run.x >= header.width();
        if (run.at > bytes.length() && !complete && !lenient) {
            throw Damage.truncated(bytes.length(), "run-length data up to an end of bitmap");
        }
    }

    /** One code; false at the end of the bitmap or of the file. */
    private boolean unpackCode() {
        if (y >= header.height() || !available(2)) {
            return false;
        }
        int count = bytes.uint8(at);
        int value = bytes.uint8(at + 1);
        at += 2;
        if (count > 0) {
            int shown = shown(count);
            for (int i = 0; i < shown; i++) {
                put(fourBits ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
            }
            return true;
        }
        return switch (value) {
            case END_OF_LINE -> {
                x = 0;
                y++;
                yield true;
            }
            case END_OF_BITMAP -> false;
            case DELTA -> delta();
            default -> literal(value);
        };
    }

    private boolean delta() {
        if (!available(2)) {
            return false;
        }
        x = Math.min(header.width(), x + bytes.uint8(at));
        y += bytes.uint8(at + 1);
        at += 2;
        return true;
    }

    private boolean literal(int count) {
        int length = fourBits ? (count + 1) / 2 : count;
        if (!available(length)) {
            return false;
        }
        int shown = shown(count);
        for (int i = 0; i < shown; i++) {
            int stored = bytes.uint8(at + (fourBits ? i / 2 : i));
            put(fourBits ? (i % 2 == 0 ? stored >> 4 : stored & 15) : stored);
        }
        at += length + length % 2;
        return true;
    }

    /** Of so many pixels, those that still fit into the row: no code costs more than what it shows. */
    private int shown(int count) {
        return Math.min(count, header.width() - x);
    }

    private void put(int index) {
        canvas.set(canvas.offset(x, y), palette, index);
        x++;
    }

    private boolean available(int length) {
        if (at + length <= bytes.length()) {
            return true;
        }
        at = bytes.length() + 1;
        return false;
    }
}
