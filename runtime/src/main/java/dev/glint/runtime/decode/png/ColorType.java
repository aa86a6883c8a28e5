package dev.glint.runtime.decode.png;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.image.Image.Mode;

/** The colour types of PNG (section 11.2.1), with the bit depths each may have. */
enum ColorType {
    GRAY(0, 1, Mode.GRAY, 1, 2, 4, 8, 16),
    RGB(2, 3, Mode.RGB, 8, 16),
    PALETTE(3, 1, Mode.RGB, 1, 2, 4, 8),
    GRAY_ALPHA(4, 2, Mode.GRAY_ALPHA, 8, 16),
    RGB_ALPHA(6, 4, Mode.RGBA, 8, 16);

    private final int code;
    private final int channels;
    private final Mode mode;
    private final int[] depths;

    ColorType(int code, int channels, Mode mode, int... depths) {
        this.code = code;
        this.channels = channels;
        this.mode = mode;
        this.depths = depths;
    }

    /** Samples per pixel in the file. */
    int channels() {
        return channels;
    }

    /** The mode of the decoded picture. */
    Mode mode(boolean transparency) {
        if (!transparency) {
            return mode;
        }
        return mode == Mode.GRAY ? Mode.GRAY_ALPHA : Mode.RGBA;
    }

    /** Whether this colour type may carry a tRNS chunk. */
    boolean allowsTransparency() {
        return !mode.hasAlpha();
    }

    boolean allows(int depth) {
        for (int allowed : depths) {
            if (allowed == depth) {
                return true;
            }
        }
        return false;
    }

    static ColorType find(int code, int depth, long offset) {
        for (ColorType type : values()) {
            if (type.code == code && type.allows(depth)) {
                return type;
            }
        }
        throw Damage.found(offset, "colour type " + code + " with bit depth " + depth, "a pair that PNG knows");
    }
}
