package dev.glint.runtime.decode.pnm;

import dev.glint.runtime.decode.common.Damage;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.decode.format.ImageFormat;
import dev.glint.runtime.decode.format.ImageInfo;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.image.SixteenBitRule;

/**
 * Decodes PBM, PGM, PPM, plain and raw, and PAM of gray and RGB with or without alpha (netpbm's format descriptions);
 * of several pictures in a file the first. Samples are scaled to 0 to 255 and rounded half to even, as by Pillow. Of more
 * than 8 bits, gray becomes 16-bit first and is then reduced as {@link SixteenBitRule} says; other samples are scaled to
 * 8 bits at once by {@code AS_PILLOW}, and keep the high byte of 16 bits by {@code HIGH_BYTE}.
 */
public final class PnmDecoder {
    private PnmDecoder() {}

    /**
     * Decodes a picture. Lenient, it leaves pixels black that are not there.
     *
     * @throws GlintException ({@code INPUT}, {@code LIMIT}) with the place of the damage
     */
    public static Image decode(byte[] encoded, DecodeOptions options) {
        Header header = Header.read(encoded, options.limits());
        if (!options.lenient()) {
            requireEnough(encoded, header);
        }
        byte[] samples =
                new byte[header.width() * header.height() * header.mode().channels()];
        byte[] table = table(header, options.sixteenBit());
        if (header.isPlain()) {
            plain(encoded, header, table, samples, options.lenient());
        } else if (header.isBitmap()) {
            bitmap(encoded, header, samples);
        } else {
            raw(encoded, header, table, samples);
        }
        return new Image(header.width(), header.height(), header.mode(), samples);
    }

    /**
     * Reads the header.
     *
     * @throws GlintException as {@link #decode}
     */
    public static ImageInfo probe(byte[] encoded, DecodeOptions options) {
        Header header = Header.read(encoded, options.limits());
        return new ImageInfo(ImageFormat.PNM, header.width(), header.height(), header.modeName(), 1);
    }

    /** Found out before the picture is allocated; a plain sample takes at least one byte. */
    private static void requireEnough(byte[] encoded, Header header) {
        long samples = (long) header.width() * header.height() * header.mode().channels();
        long needed = samples;
        if (header.isBitmap() && !header.isPlain()) {
            needed = (header.width() + 7L) / 8 * header.height();
        } else if (!header.isPlain() && header.maxval() > 255) {
            needed = 2 * samples;
        }
        if (needed > encoded.length - header.data()) {
            throw Damage.truncated(encoded.length, needed + " bytes of samples from byte " + header.data());
        }
    }

    /** The 8-bit sample of each value; values beyond the maximum count as the maximum. */
    private static byte[] table(Header header, SixteenBitRule rule) {
        boolean wide = header.maxval() > 255;
        boolean sixteen = wide && (header.mode() == Mode.GRAY || rule == SixteenBitRule.HIGH_BYTE);
        int full = sixteen ? 65_535 : 255;
        byte[] table = new byte[wide ? 65_536 : 256];
        for (int value = 0; value < table.length; value++) {
            int scaled = (int) Math.min(full, Math.rint((double) value / header.maxval() * full));
            if (sixteen) {
                scaled = rule == SixteenBitRule.HIGH_BYTE ? scaled >> 8 : Math.min(255, scaled);
            }
            table[value] = (byte) scaled;
        }
        return table;
    }

    private static void plain(byte[] encoded, Header header, byte[] table, byte[] samples, boolean lenient) {
        Reader reader = new Reader(encoded, header.data());
        for (int i = 0; i < samples.length; i++) {
            if (lenient && !reader.skipSpace()) {
                return;
            }
            if (header.isBitmap()) {
                samples[i] = (byte) (reader.bit() == 0 ? 255 : 0);
            } else {
                long value = reader.number("a sample");
                if (value > header.maxval()) {
                    throw Damage.found(reader.position(), "a sample of " + value, "at most " + header.maxval());
                }
                samples[i] = table[(int) value];
            }
        }
    }

    /** A 1 is black. */
    private static void bitmap(byte[] encoded, Header header, byte[] samples) {
        int rowBytes = (header.width() + 7) / 8;
        int rows = Math.min(header.height(), (encoded.length - header.data()) / rowBytes);
        for (int y = 0, i = 0; y < rows; y++) {
            int from = header.data() + y * rowBytes;
            for (int x = 0; x < header.width(); x++) {
                int bit = encoded[from + (x >> 3)] >> (7 - (x & 7)) & 1;
                samples[i++] = (byte) (bit == 0 ? 255 : 0);
            }
        }
    }

    private static void raw(byte[] encoded, Header header, byte[] table, byte[] samples) {
        int from = header.data();
        if (header.maxval() <= 255) {
            int count = Math.min(samples.length, encoded.length - from);
            for (int i = 0; i < count; i++) {
                samples[i] = table[encoded[from + i] & 0xff];
            }
            return;
        }
        int count = Math.min(samples.length, (encoded.length - from) / 2);
        for (int i = 0; i < count; i++, from += 2) {
            samples[i] = table[(encoded[from] & 0xff) << 8 | encoded[from + 1] & 0xff];
        }
    }
}
