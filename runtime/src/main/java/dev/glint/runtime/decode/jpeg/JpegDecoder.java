package dev.glint.runtime.decode.jpeg;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.decode.format.TargetSize;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Size;
import org.jspecify.annotations.Nullable;

/**
 * Decodes JPEG (ITU-T T.81 with the JFIF and Adobe conventions): baseline, extended sequential and progressive, Huffman
 * coded, 8 bits per sample; gray, YCbCr, RGB, CMYK and YCCK; every sampling factor that divides the largest. Gray
 * becomes {@code GRAY}, everything else {@code RGB}. Arithmetic coding, lossless, hierarchical and 12-bit files are
 * refused by name.
 *
 * <p>Pixels equal those of libjpeg-turbo 2.1 with its defaults (accurate integer IDCT, triangle-filter upsampling, block
 * smoothing of incomplete progressive files), and so those of Pillow's {@code open(file).convert("RGB")}. ICC profiles
 * are ignored; the EXIF orientation is reported, not applied. An orientation in XMP alone does not count, as in Pillow 9.4.
 *
 * <p>Given a {@link TargetSize}, a large picture is decoded to a half, a quarter or an eighth of its columns and rows, rounded
 * up, by transforms that make fewer samples of each block, as Pillow's {@code Image.draft} has libjpeg do it: pixel for pixel
 * the same. Scans that it has no use for are passed over, damaged or not. The limit on pixels then counts those that are decoded, or all of them where the file has several scans, for all
 * of whose coefficients are held.
 *
 * <p>A sequential picture of one scan is decoded a row of MCUs at a time: beside the encoded bytes and the picture, less
 * than 8 MB are held. A picture of several scans, as every progressive one is, needs two bytes for each sample of each
 * component as well.
 */
public final class JpegDecoder {
    /**
     * How often the scans together may pass over all coefficients; a file of a few bytes could otherwise take for ever. Scans
     * that refine each other, one after the other, come to 14.
     */
    public static final int MAX_PASSES = 32;

    private JpegDecoder() {}

    /**
     * Decodes a picture.
     *
     * <p>Strict, everything that costs pixels is refused: image data that break off, Huffman codes that are none,
     * restart markers out of order, scans that contradict each other. What does not is let pass, as Pillow does:
     * bytes between the segments, a missing end marker behind the image data of the only scan, damaged metadata.
     * Lenient, all of that is decoded through as libjpeg does: what is missing stays gray or coarse.
     *
     * @throws GlintException ({@code INPUT}) with the byte at which the damage was found; ({@code LIMIT})
     */
    public static Image decode(byte[] encoded, DecodeOptions options) {
        options.limits().requireEncoded(encoded.length);
        Input in = new Input(encoded, options.lenient());
        Headers headers = new Headers(in, options.limits());
        headers.readToFirstScan();
        Frame frame = headers.frame();
        reduce(frame, headers.orientation(), options.target());
        requireSize(headers, options.limits());
        requirePlausible(encoded, frame, options);
        ColorModel model = headers.colorModel();
        int orientation = headers.orientation();
        if (!frame.progressive) {
            headers.tables.addStandardHuffmanTables();
        }
        PictureWriter writer =
                headers.onlyScan() ? decodeOnlyScan(headers, model, in) : decodeScans(headers, model, in);
        return writer.picture(orientation);
    }

    /**
     * Reads the headers in front of the image data.
     *
     * @throws GlintException as {@link #decode}, but for damage behind them
     */
    public static ImageInfo probe(byte[] encoded, DecodeOptions options) {
        options.limits().requireEncoded(encoded.length);
        Headers headers = new Headers(new Input(encoded, options.lenient()), options.limits());
        headers.readToFirstScan();
        Frame frame = headers.frame();
        reduce(frame, headers.orientation(), options.target());
        requireSize(headers, options.limits());
        return new ImageInfo(
                ImageFormat.JPEG,
                frame.width,
                frame.height,
                headers.colorModel().pillowMode(),
                headers.orientation());
    }

    /** Pillow's choice in {@code Image.draft}: the smallest of the whole, half, quarter and eighth picture that is large enough. */
    private static void reduce(Frame frame, int orientation, @Nullable TargetSize target) {
        if (target != null) {
            Size wanted = target.targetSize(frame.width, frame.height, orientation);
            int scale = Math.min(frame.width / wanted.width(), frame.height / wanted.height());
            frame.reduce(8 / Integer.highestOneBit(Math.max(1, Math.min(scale, 8))));
        }
    }

    /** Of several scans, all coefficients are held; of one, only the pixels that are decoded. */
    private static void requireSize(Headers headers, DecodeLimits limits) {
        Frame frame = headers.frame();
        limits.requireSides(frame.width, frame.height);
        if (headers.onlyScan()) {
            limits.requireSize(frame.decodedWidth, frame.decodedHeight);
        } else {
            limits.requireSize(frame.width, frame.height);
        }
    }

    /** Each block takes at least a bit; found out before the picture is allocated. */
    private static void requirePlausible(byte[] encoded, Frame frame, DecodeOptions options) {
        if (!options.lenient() && frame.blocks() / 8 > encoded.length) {
            throw Damage.found(
                    encoded.length,
                    encoded.length + " bytes for " + frame.width + "x" + frame.height + " pixels",
                    "image data for all blocks");
        }
    }

    private static PictureWriter decodeOnlyScan(Headers headers, ColorModel model, Input in) {
        Frame frame = headers.frame();
        headers.startScan();
        PictureWriter writer = new PictureWriter(frame, model);
        new SinglePass(frame, headers.scan(), headers.tables, in, writer).decode();
        if (!in.lenient) {
            readTrailer(headers, in);
        }
        return writer;
    }

    /** Behind the only scan the file may end anywhere; what it has up to there must be in order. */
    private static void readTrailer(Headers headers, Input in) {
        boolean anotherScan;
        try {
            anotherScan = headers.readToScan();
        } catch (GlintException e) {
            if (!in.truncated) {
                throw e;
            }
            return;
        }
        if (anotherScan) {
            throw in.broken("a second scan of all components", "the end of the picture");
        }
    }

    private static PictureWriter decodeScans(Headers headers, ColorModel model, Input in) {
        Frame frame = headers.frame();
        MultiPass passes = new MultiPass(frame, in);
        headers.startScan();
        passes.decode(headers.scan(), headers.tables);
        while (decodeNextScan(headers, passes, in)) {
            // Each scan adds to what the passes hold.
        }
        PictureWriter writer = new PictureWriter(frame, model);
        passes.write(writer);
        return writer;
    }

    /** Lenient, what cannot be decoded ends the picture; there is a scan already. */
    private static boolean decodeNextScan(Headers headers, MultiPass passes, Input in) {
        try {
            if (!headers.readToScan()) {
                return false;
            }
            headers.startScan();
            passes.decode(headers.scan(), headers.tables);
            return true;
        } catch (GlintException e) {
            if (in.lenient && e.reason() == GlintException.Reason.INPUT) {
                return false;
            }
            throw e;
        }
    }
}
