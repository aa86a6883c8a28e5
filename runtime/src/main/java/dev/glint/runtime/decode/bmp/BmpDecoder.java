package dev.glint.runtime.decode.bmp;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;

/**
 * Decodes Windows bitmaps (headers of 40 to 124 bytes) and OS/2 bitmaps (12 and 64 bytes): 1, 4, 8, 16, 24, 32 bits per
 * pixel, bit fields, RLE4 and RLE8, either order of rows. A gray palette gives {@code GRAY}, 32-bit fields with alpha
 * {@code RGBA}, everything else {@code RGB}. Pixels equal Pillow's; what Pillow 9.4 does not read (other bit fields) or
 * reads wrongly (see {@link RunLength}) follows Microsoft's description of the format.
 */
public final class BmpDecoder {
    private BmpDecoder() {}

    /**
     * Decodes a picture. Lenient, it leaves rows black that are not there.
     *
     * @throws GlintException ({@code INPUT}, {@code LIMIT}) with the place of the damage
     */
    public static Image decode(byte[] encoded, DecodeOptions options) {
        Bytes bytes = new Bytes(encoded);
        Header header = Header.read(bytes, options.limits());
        boolean runLength = header.compression().isRunLength();
        int rows = runLength ? 0 : completeRows(bytes, header, options.lenient());
        Canvas canvas = new Canvas(header);
        if (runLength) {
            RunLength.unpack(bytes, header, canvas, options.lenient());
        }
        for (int row = 0; row < rows; row++) {
            int from = header.data() + row * header.stride();
            if (header.palette().isPresent()) {
                indexed(header, encoded, from, canvas, row);
            } else {
                masked(header, bytes, from, canvas, row);
            }
        }
        return new Image(header.width(), header.height(), canvas.mode(), canvas.samples());
    }

    /**
     * Reads the headers.
     *
     * @throws GlintException as {@link #decode}
     */
    public static ImageInfo probe(byte[] encoded, DecodeOptions options) {
        Header header = Header.read(new Bytes(encoded), options.limits());
        return new ImageInfo(ImageFormat.BMP, header.width(), header.height(), header.modeName(), 1);
    }

    /** Found out before the picture is allocated; the last row needs no padding. */
    private static int completeRows(Bytes bytes, Header header, boolean lenient) {
        long available = (long) bytes.length() - header.data() + header.stride() - header.rowBytes();
        long rows = Math.min(header.height(), Math.max(0, available / header.stride()));
        if (rows < header.height() && !lenient) {
            throw Damage.truncated(bytes.length(), header.height() + " rows of " + header.stride() + " bytes");
        }
        return (int) rows;
    }

    private static void indexed(Header header, byte[] stored, int from, Canvas canvas, int row) {
        Palette palette = header.palette().orElseThrow();
        int bits = header.bitsPerPixel();
        int mask = (1 << bits) - 1;
        int channels = canvas.mode().channels();
        int to = canvas.offset(0, row);
        for (int x = 0; x < header.width(); x++, to += channels) {
            int bit = x * bits;
            canvas.set(to, palette, stored[from + (bit >> 3)] >> (8 - bits - (bit & 7)) & mask);
        }
    }

    private static void masked(Header header, Bytes bytes, int from, Canvas canvas, int row) {
        int pixelBytes = header.bitsPerPixel() / 8;
        Mask[] masks = header.masks().toArray(new Mask[0]);
        byte[] samples = canvas.samples();
        int to = canvas.offset(0, row);
        for (int x = 0, at = from; x < header.width(); x++, at += pixelBytes) {
            long pixel = bytes.uint16(at);
            if (pixelBytes > 2) {
                pixel |= (long) bytes.uint8(at + 2) << 16;
            }
            if (pixelBytes > 3) {
                pixel |= (long) bytes.uint8(at + 3) << 24;
            }
            for (Mask mask : masks) {
                samples[to++] = (byte) mask.eightBit(pixel);
            }
        }
    }
}
