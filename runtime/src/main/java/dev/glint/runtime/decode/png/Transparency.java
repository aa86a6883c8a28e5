package dev.glint.runtime.decode.png;

/**
 * What a tRNS chunk says (section 11.3.1.1).
 *
 * @param alphas for a palette: alpha per entry, those missing being opaque; else empty
 * @param key for gray (1 value) and RGB (3 values): the samples, at the file's bit depth, of the one transparent
 *     colour; else empty
 */
record Transparency(byte[] alphas, int[] key) {
    static Transparency read(Bytes bytes, Chunk chunk, Header header) {
        if (header.colorType() == ColorType.PALETTE) {
            byte[] alphas = new byte[Math.min(256, chunk.length())];
            System.arraycopy(bytes.array(), chunk.data(), alphas, 0, alphas.length);
            return new Transparency(alphas, new int[0]);
        }
        int[] key = new int[header.colorType().channels()];
        int mask = (1 << header.bitDepth()) - 1;
        for (int c = 0; c < key.length; c++) {
            key[c] = bytes.uint16(chunk.data() + 2 * c) & mask;
        }
        return new Transparency(new byte[0], key);
    }

    int alpha(int entry) {
        return entry < alphas.length ? alphas[entry] & 0xff : 255;
    }
}
