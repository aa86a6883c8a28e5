package dev.glint.runtime.decode.raw;

/** A plane of luminance, and one of V and U in turn for each 2x2 pixels. */
record PlanarRows(YuvMatrix matrix) implements RowLayout {
    @Override
    public int rowBytes(int width) {
        return width + width % 2;
    }

    @Override
    public int rows(int height) {
        return height + (height + 1) / 2;
    }

    @Override
    public void convertRow(RawPixels pixels, int row, byte[] rgb, int at) {
        byte[] bytes = pixels.bytes();
        int luminance = row * pixels.stride();
        int differences = (pixels.height() + row / 2) * pixels.stride();
        for (int x = 0, to = at; x < pixels.width(); x++, to += 3) {
            int pair = differences + x / 2 * 2;
            matrix.convert(bytes[luminance + x], bytes[pair + 1], bytes[pair], rgb, to);
        }
    }
}
