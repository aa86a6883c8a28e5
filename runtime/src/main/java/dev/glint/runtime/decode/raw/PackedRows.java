package dev.glint.runtime.decode.raw;

/** Three bytes a pixel: where among them red, green and blue are. */
record PackedRows(int red, int green, int blue) implements RowLayout {
    @Override
    public int rowBytes(int width) {
        return 3 * width;
    }

    @Override
    public int rows(int height) {
        return height;
    }

    @Override
    public void convertRow(RawPixels pixels, int row, byte[] rgb, int at) {
        byte[] bytes = pixels.bytes();
        int from = row * pixels.stride();
        if (red < blue) {
            System.arraycopy(bytes, from, rgb, at, 3 * pixels.width());
            return;
        }
        for (int end = at + 3 * pixels.width(), to = at; to < end; to += 3, from += 3) {
            rgb[to] = bytes[from + red];
            rgb[to + 1] = bytes[from + green];
            rgb[to + 2] = bytes[from + blue];
        }
    }
}
