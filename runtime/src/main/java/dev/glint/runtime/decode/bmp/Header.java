package dev.glint.runtime.decode.bmp;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.decode.format.DecodeLimits;
import java.util.List;
import java.util.Optional;

/**
 * The file and bitmap headers.
 *
 * @param topDown whether the first stored row is the uppermost
 * @param masks where the channels lie in a pixel: red, green, blue and, if the file has it, alpha; empty with a palette
 * @param palette the palette, if there are at most 8 bits per pixel
 * @param data the byte at which the pixels begin
 */
record Header(
        int width,
        int height,
        boolean topDown,
        int bitsPerPixel,
        Compression compression,
        List<Mask> masks,
        Optional<Palette> palette,
        int data) {
    private static final int FILE_HEADER = 14;
    private static final int OS2_HEADER = 12;
    private static final int WINDOWS_HEADER = 40;
    private static final int MASKS = FILE_HEADER + WINDOWS_HEADER;
    private static final List<Integer> KNOWN_HEADERS = List.of(OS2_HEADER, WINDOWS_HEADER, 52, 56, 64, 108, 124);
    private static final int MAX_COLORS = 65_536;

    static Header read(Bytes bytes, DecodeLimits limits) {
        bytes.require(FILE_HEADER + 4, "a bitmap header");
        long size = bytes.uint32(FILE_HEADER);
        if (!KNOWN_HEADERS.contains((int) Math.min(size, Integer.MAX_VALUE))) {
            throw Damage.found(FILE_HEADER, "a bitmap header of " + size + " bytes", "one of " + KNOWN_HEADERS);
        }
        int end = FILE_HEADER + (int) size;
        bytes.require(end, "a bitmap header of " + size + " bytes");
        boolean os2 = size == OS2_HEADER;
        int width = os2 ? bytes.uint16(18) : bytes.int32(18);
        int height = os2 ? bytes.uint16(20) : bytes.int32(22);
        if (width < 1 || height == 0) {
            throw Damage.found(18, "a size of " + width + "x" + height, "at least one pixel");
        }
        limits.requireSize(width, Math.abs((long) height));
        int bitsPerPixel = bytes.uint16(os2 ? 24 : 28);
        Compression compression = Compression.find(os2 ? 0 : bytes.uint32(30), bitsPerPixel);
        List<Mask> masks = List.of();
        if (compression == Compression.BITFIELDS) {
            masks = Mask.read(bytes, MASKS, size >= 56 && size != 64, bitsPerPixel);
            end = Math.max(end, MASKS + 12);
        } else if (bitsPerPixel > 8) {
            masks = Mask.usual(bitsPerPixel);
        }
        Optional<Palette> palette = Optional.empty();
        if (bitsPerPixel <= 8) {
            palette = Optional.of(Palette.read(bytes, end, os2 ? 3 : 4, colors(bytes, os2, bitsPerPixel)));
            end = palette.get().end();
        }
        return new Header(
                width,
                Math.abs(height),
                height < 0,
                bitsPerPixel,
                compression,
                masks,
                palette,
                dataOffset(bytes, FILE_HEADER + (int) size, end, bitsPerPixel));
    }

    private static int colors(Bytes bytes, boolean os2, int bitsPerPixel) {
        long colors = os2 ? 0 : bytes.uint32(46);
        if (colors > MAX_COLORS) {
            throw Damage.found(46, "a palette of " + colors + " colours", "at most " + MAX_COLORS);
        }
        return colors == 0 ? 1 << bitsPerPixel : (int) colors;
    }

    /** Some writers say 0, or the end of the header though a palette stands there; Pillow bears with both. */
    private static int dataOffset(Bytes bytes, int headerEnd, int paletteEnd, int bitsPerPixel) {
        long offset = bytes.uint32(10);
        if (offset == 0 || offset == headerEnd && bitsPerPixel <= 8) {
            return paletteEnd;
        }
        if (offset > bytes.length()) {
            throw Damage.truncated(bytes.length(), "pixels at byte " + offset);
        }
        return (int) offset;
    }

    boolean hasAlpha() {
        return masks.size() == 4;
    }

    /** Bytes of a row that hold pixels. */
    int rowBytes() {
        return (int) (((long) width * bitsPerPixel + 7) / 8);
    }

    /** The distance of two rows: a multiple of 4. */
    int stride() {
        return (int) (((long) width * bitsPerPixel + 31) / 32 * 4);
    }

    /** The name Pillow gives such pixels. */
    String modeName() {
        if (palette.isPresent()) {
            return palette.get().gray() ? palette.get().colors() == 2 ? "1" : "L" : "P";
        }
        return hasAlpha() ? "RGBA" : "RGB";
    }
}
