package dev.glint.runtime.decode.bmp;

/**
 * The colours of a picture with at most 8 bits per pixel.
 *
 * @param colors how many the file says it has
 * @param gray whether they are black and white, or each gray of its own index: as in Pillow, such a picture is gray
 * @param rgb red, green, blue for each of 256 indices; those without a colour are gray of that value, as in Pillow 9.4
 * @param end the byte behind it
 */
record Palette(int colors, boolean gray, byte[] rgb, int end) {
    static Palette read(Bytes bytes, int offset, int entryBytes, int colors) {
        int available = Math.min(Math.min(colors, 256), (bytes.length() - offset) / entryBytes);
        byte[] rgb = new byte[3 * 256];
        boolean gray = available == colors;
        for (int entry = 0; entry < 256; entry++) {
            int expected = colors == 2 ? 255 * entry : entry;
            for (int c = 0; c < 3; c++) {
                if (entry < available) {
                    rgb[3 * entry + c] = bytes.array()[offset + entry * entryBytes + 2 - c];
                    gray &= (rgb[3 * entry + c] & 0xff) == expected;
                } else {
                    rgb[3 * entry + c] = (byte) entry;
                }
            }
        }
        return new Palette(colors, gray, rgb, offset + colors * entryBytes);
    }
}
