package dev.glint.runtime.decode.pnm;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.image.Image.Mode;

/**
 * What stands in front of the samples.
 *
 * @param kind the digit behind the P, 1 to 7
 * @param mode the channels, in the order of the samples
 * @param maxval the value of full intensity, 1 to 65535
 * @param data the byte at which the samples begin
 */
record Header(int kind, int width, int height, Mode mode, int maxval, int data) {
    static final int PAM = 7;

    static Header read(byte[] encoded, DecodeLimits limits) {
        int kind = encoded[1] - '0';
        Reader reader = new Reader(encoded, 2);
        Header header = kind == PAM ? pam(reader) : plainOrRaw(kind, reader);
        if (header.width < 1 || header.height < 1) {
            throw Damage.found(2, "a size of " + header.width + "x" + header.height, "at least one pixel");
        }
        limits.requireSize(header.width, header.height);
        return header;
    }

    private static Header plainOrRaw(int kind, Reader reader) {
        int width = side(reader, "a width");
        int height = side(reader, "a height");
        int maxval = kind == 1 || kind == 4 ? 1 : maxval(reader);
        return new Header(kind, width, height, kind % 3 == 0 ? Mode.RGB : Mode.GRAY, maxval, reader.position());
    }

    private static Header pam(Reader reader) {
        int width = 0;
        int height = 0;
        int depth = 0;
        int maxval = 0;
        String tupleType = "";
        for (String key = reader.word("ENDHDR"); !key.equals("ENDHDR"); key = reader.word("ENDHDR")) {
            switch (key) {
                case "WIDTH" -> width = side(reader, "a width");
                case "HEIGHT" -> height = side(reader, "a height");
                case "DEPTH" -> depth = side(reader, "a depth");
                case "MAXVAL" -> maxval = maxval(reader);
                case "TUPLTYPE" -> tupleType = reader.line();
                default -> throw Damage.found(reader.position(), "the field " + key, "a field that PAM knows");
            }
        }
        if (maxval == 0) {
            throw Damage.found(reader.position(), "a header without MAXVAL", "one");
        }
        return new Header(PAM, width, height, mode(depth, tupleType), maxval, reader.position());
    }

    /** A file without a tuple type means what its depth suggests. */
    private static Mode mode(int depth, String tupleType) {
        boolean known = switch (tupleType) {
            case "" -> depth >= 1 && depth <= 4;
            case "BLACKANDWHITE", "GRAYSCALE" -> depth == 1;
            case "BLACKANDWHITE_ALPHA", "GRAYSCALE_ALPHA" -> depth == 2;
            case "RGB" -> depth == 3;
            case "RGB_ALPHA" -> depth == 4;
            default -> false;
        };
        if (!known) {
            throw Damage.unsupported(
                    "a PAM of " + depth + " channels, tuple type \"" + tupleType + "\"",
                    "gray or RGB, with or without alpha");
        }
        return switch (depth) {
            case 1 -> Mode.GRAY;
            case 2 -> Mode.GRAY_ALPHA;
            case 3 -> Mode.RGB;
            default -> Mode.RGBA;
        };
    }

    private static int side(Reader reader, String what) {
        return (int) Math.min(Integer.MAX_VALUE, reader.number(what));
    }

    private static int maxval(Reader reader) {
        int at = reader.position();
        long maxval = reader.number("a maximum value");
        if (maxval < 1 || maxval > 65_535) {
            throw Damage.found(at, "a maximum value of " + maxval, "1 to 65535");
        }
        return (int) maxval;
    }

    boolean isPlain() {
        return kind <= 3;
    }

    boolean isBitmap() {
        return kind == 1 || kind == 4;
    }

    /** The name Pillow gives such pixels, and would give those of a PAM, which it does not read. */
    String modeName() {
        return switch (mode) {
            case GRAY -> isBitmap() || kind == PAM && maxval == 1 ? "1" : maxval > 255 ? "I" : "L";
            case GRAY_ALPHA -> "LA";
            case RGB -> "RGB";
            case RGBA -> "RGBA";
        };
    }
}
