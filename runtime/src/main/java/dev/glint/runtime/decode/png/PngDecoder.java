package dev.glint.runtime.decode.png;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;

/**
 * Decodes PNG: every colour type, bit depth and interlacing, and tRNS (PNG, third edition, W3C). The orientation is that of
 * {@code eXIf}, of a raw EXIF profile in a text, or of XMP, whichever Pillow 9.4 goes by. Gray becomes {@code GRAY}, colour and palettes {@code RGB}, with alpha where the file has an alpha
 * channel or a tRNS chunk. Of an animated PNG the default image is decoded. Gamma, chromaticities and ICC profiles are
 * ignored. Beside the picture, two rows are held in memory.
 */
public final class PngDecoder {
    /** No deflate stream unpacks to more than this many times its size. */
    private static final int MAX_EXPANSION = 1032;

    private PngDecoder() {}

    /**
     * Decodes a picture. Strict, it refuses every chunk with a wrong CRC, out of place, or missing, and image data that
     * do not unpack to all rows; a wrong checksum at the end of otherwise complete image data is let pass, as libpng
     * does. Lenient, it ignores what it can and leaves rows black (transparent) that are not there.
     *
     * @throws GlintException ({@code INPUT}, {@code LIMIT}) with the place of the damage
     */
    public static Image decode(byte[] encoded, DecodeOptions options) {
        Bytes bytes = new Bytes(encoded);
        Structure structure = Structure.read(bytes, options);
        Header header = structure.header();
        if (!options.lenient()) {
            requirePlausible(encoded, header);
        }
        RowUnpacker unpacker = new RowUnpacker(structure, options.sixteenBit());
        byte[] samples =
                new byte[header.width() * header.height() * unpacker.mode().channels()];
        try (ImageData data = new ImageData(bytes, structure.firstImageData(), options.lenient())) {
            for (Pass pass : Pass.passes(header)) {
                if (!unpack(pass, header, data, unpacker, samples, options.lenient())) {
                    break;
                }
            }
        }
        return new Image(header.width(), header.height(), unpacker.mode(), structure.orientation(), samples);
    }

    /**
     * Reads everything but the pixels.
     *
     * @throws GlintException as {@link #decode}, but for damage inside the compressed pixels
     */
    public static ImageInfo probe(byte[] encoded, DecodeOptions options) {
        Structure structure = Structure.read(new Bytes(encoded), options);
        Header header = structure.header();
        return new ImageInfo(
                ImageFormat.PNG, header.width(), header.height(), header.modeName(), structure.orientation());
    }

    /** A small file cannot fill a large picture; found out before that picture is allocated. */
    private static void requirePlausible(byte[] encoded, Header header) {
        long needed = (long) header.rowBytes(header.width()) * header.height();
        if (needed / MAX_EXPANSION > encoded.length) {
            throw Damage.found(
                    encoded.length,
                    encoded.length + " bytes for " + header.width() + "x" + header.height() + " pixels",
                    "image data for all rows");
        }
    }

    private static boolean unpack(
            Pass pass, Header header, ImageData data, RowUnpacker unpacker, byte[] samples, boolean lenient) {
        int columns = pass.columns(header.width());
        int rows = columns == 0 ? 0 : pass.rows(header.height());
        int rowBytes = header.rowBytes(columns);
        int channels = unpacker.mode().channels();
        byte[] above = new byte[1 + rowBytes];
        byte[] row = new byte[1 + rowBytes];
        for (int r = 0; r < rows; r++) {
            if (!data.fill(row, 1 + rowBytes)) {
                return false;
            }
            if (row[0] < 0 || row[0] > RowFilter.LAST) {
                if (lenient) {
                    return false;
                }
                throw Damage.found(data.place(), "row filter " + (row[0] & 0xff), "0 to " + RowFilter.LAST);
            }
            RowFilter.undo(row[0], row, above, rowBytes, header.filterStep());
            int to = ((pass.y() + r * pass.stepY()) * header.width() + pass.x()) * channels;
            unpacker.unpack(row, columns, samples, to, pass.stepX() * channels);
            byte[] recycled = above;
            above = row;
            row = recycled;
        }
        return true;
    }
}
