package dev.glint.runtime.decode.raw;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.util.Objects;

/**
 * Pixels without a header, as a camera or another program has them in memory: rows from the top.
 *
 * @param format what the bytes mean
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param stride bytes from the start of a row to that of the next, in each plane; at least those of a row
 * @param bytes {@code stride} for each row of each plane, of which the last row may lack those behind its pixels; not copied
 */
public record RawPixels(PixelFormat format, int width, int height, int stride, byte[] bytes) {

    /**
     * Checks that the bytes are those of such a picture.
     *
     * @throws GlintException ({@code INPUT}) if they are fewer or more, or the stride is too short; ({@code LIMIT}) if the size
     *     exceeds {@link DecodeLimits#defaults()}
     */
    public RawPixels {
        Objects.requireNonNull(format);
        if (width < 1 || height < 1) {
            throw misfit("pixels of " + width + "x" + height, "at least one");
        }
        DecodeLimits.defaults().requireSize(width, height);
        int rowBytes = format.rowBytes(width);
        if (stride < rowBytes) {
            throw misfit(
                    "a stride of " + stride + " bytes",
                    "at least " + rowBytes + ", which a row of " + width + " pixels in " + format + " takes");
        }
        long most = (long) stride * format.rows(height);
        long least = most - stride + rowBytes;
        if (bytes.length < least || bytes.length > most) {
            throw misfit(
                    bytes.length + " bytes of pixels",
                    (least == most ? "" : least + " to ") + most + " for " + width + "x" + height + " in " + format
                            + " with a stride of " + stride);
        }
    }

    /**
     * Rows without gaps between them.
     *
     * @throws GlintException as the other constructor
     */
    public RawPixels(PixelFormat format, int width, int height, byte[] bytes) {
        this(format, width, height, width < 1 ? 0 : format.rowBytes(width), bytes);
    }

    /** The same pixels as an {@code RGB} picture, converted as {@link PixelFormat} says; it shares nothing with them. */
    public Image toImage() {
        byte[] rgb = new byte[width * height * 3];
        for (int y = 0; y < height; y++) {
            format.convertRow(this, y, rgb, y * width * 3);
        }
        return new Image(width, height, Image.Mode.RGB, rgb);
    }

    private static GlintException misfit(String found, String expected) {
        return GlintException.failure(
                Reason.INPUT, found, expected, "check the format and the size that the camera is set to");
    }
}
