package dev.glint.runtime.decode;

import dev.glint.runtime.decode.bmp.BmpDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.decode.jpeg.JpegDecoder;
import dev.glint.runtime.decode.png.PngDecoder;
import dev.glint.runtime.decode.pnm.PnmDecoder;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Decodes an encoded picture; the format is told by its content, not by its name. Pixels are as stored: orientation is
 * reported, not applied; ICC profiles and gamma are ignored. Nothing but {@link GlintException} leaves this class, and
 * the limits are checked before anything of that size is allocated.
 */
public final class ImageDecoder {
    private ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @throws GlintException naming the file: {@code INPUT} if it is unreadable, of no known format or damaged,
     *     {@code LIMIT} if it exceeds one of the limits
     */
    public static Image decode(Path file, DecodeOptions options) {
        return EncodedPicture.read(file, options.limits()).decode(options);
    }

    /** Decodes the bytes of a file; as {@link #decode(Path, DecodeOptions)}, without a file to name. */
    public static Image decode(byte[] encoded, DecodeOptions options) {
        options.limits().requireEncoded(encoded.length);
        return switch (format(encoded)) {
            case PNG -> PngDecoder.decode(encoded, options);
            case JPEG -> JpegDecoder.decode(encoded, options);
            case BMP -> BmpDecoder.decode(encoded, options);
            case PNM -> PnmDecoder.decode(encoded, options);
        };
    }

    /**
     * Reads the header. Strict options refuse the damage that lies outside the compressed pixels, too. Of a file, see
     * {@link EncodedPicture}.
     *
     * @throws GlintException as {@link #decode(byte[], DecodeOptions)}
     */
    public static ImageInfo probe(byte[] encoded, DecodeOptions options) {
        options.limits().requireEncoded(encoded.length);
        return switch (format(encoded)) {
            case PNG -> PngDecoder.probe(encoded, options);
            case JPEG -> JpegDecoder.probe(encoded, options);
            case BMP -> BmpDecoder.probe(encoded, options);
            case PNM -> PnmDecoder.probe(encoded, options);
        };
    }

    private static ImageFormat format(byte[] encoded) {
        return ImageFormat.detect(encoded).orElseThrow(() -> unknown(encoded));
    }

    private static GlintException unknown(byte[] encoded) {
        return GlintException.failure(
                Reason.INPUT,
                describe(encoded),
                "a picture in one of the formats PNG, JPEG, BMP, PBM, PGM, PPM, PAM",
                "convert it, whatever its name says");
    }

    /** What an unknown file looks like, for its error line. */
    private static String describe(byte[] encoded) {
        if (encoded.length == 0) {
            return "an empty file";
        }
        Optional<UnreadFormat> unread = UnreadFormat.detect(encoded);
        if (unread.isPresent()) {
            return "a picture in the format " + unread.get().title();
        }
        boolean text = true;
        for (int i = 0; i < Math.min(encoded.length, 512); i++) {
            int value = encoded[i] & 0xff;
            text &= value >= ' ' && value != 0x7f || value >= '\t' && value <= '\r';
        }
        return text
                ? "a text file"
                : "a file of an unknown format, beginning with "
                        + HexFormat.of().formatHex(encoded, 0, Math.min(encoded.length, 8));
    }
}
