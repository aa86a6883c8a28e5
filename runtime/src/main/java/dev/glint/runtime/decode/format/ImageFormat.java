package dev.glint.runtime.decode.format;

import java.util.Optional;

/** The picture formats that are decoded, told apart by how their files begin. */
public enum ImageFormat {
    /** Portable Network Graphics, the first frame of an animated one. */
    PNG(0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'),
    /** JPEG: baseline, extended sequential and progressive Huffman. */
    JPEG(0xff, 0xd8, 0xff),
    /** Windows and OS/2 bitmaps. */
    BMP('B', 'M'),
    /** The Netpbm family: PBM, PGM, PPM and PAM, {@code P1} to {@code P7}. */
    PNM('P') {
        @Override
        boolean begins(byte[] encoded) {
            return super.begins(encoded)
                    && encoded.length > 2
                    && encoded[1] >= '1'
                    && encoded[1] <= '7'
                    && (encoded[2] == ' ' || encoded[2] == '#' || encoded[2] >= '\t' && encoded[2] <= '\r');
        }
    };

    private final int[] magic;

    ImageFormat(int... magic) {
        this.magic = magic;
    }

    /** The format of a file that begins with these bytes; 8 of them are enough. */
    public static Optional<ImageFormat> detect(byte[] encoded) {
        for (ImageFormat format : values()) {
            if (format.begins(encoded)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    boolean begins(byte[] encoded) {
        if (encoded.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((encoded[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
