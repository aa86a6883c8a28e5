package dev.glint.trainer.report;

import dev.glint.runtime.image.Image;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/**
 * A small picture inside a page, as an {@code img} element.
 *
 * @param width columns
 * @param height rows
 * @param uri the PNG file as a data URI
 */
record Picture(int width, int height, String uri) {
    /** Anchors of matplotlib's viridis, whose brightness rises evenly; between them colours are mixed. */
    private static final int[] VIRIDIS = {
        0x440154, 0x472d7b, 0x3b528b, 0x2c728e, 0x21918c, 0x28ae80, 0x5ec962, 0xaddc30, 0xfde725
    };

    private static final int LEVELS = 64;
    private static final IndexColorModel HEAT = heat();

    /** Pixels of a gray or an RGB picture. */
    static Picture encode(Image image) {
        boolean gray = image.mode() == Image.Mode.GRAY;
        BufferedImage picture = new BufferedImage(
                image.width(), image.height(), gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        byte[] to = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        byte[] from = image.samples();
        for (int i = 0; i < from.length; i++) {
            to[gray ? i : i + 2 - 2 * (i % 3)] = from[i];
        }
        return encode(picture);
    }

    /** Values on a scale of colours from dark (the lowest value) to light (the highest); all the same are dark. */
    static Picture heat(float[] values, int width, int height) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, HEAT);
        byte[] to = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < to.length; i++) {
            float share = high > low ? (values[i] - low) / (high - low) : 0;
            to[i] = (byte) Math.min(LEVELS - 1, (int) (share * LEVELS));
        }
        return encode(picture);
    }

    private static Picture encode(BufferedImage picture) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.setUseCache(false);
            ImageIO.write(picture, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String uri = "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
        return new Picture(picture.getWidth(), picture.getHeight(), uri);
    }

    /** The element, enlarged by a whole factor to about {@code side} CSS pixels; pictures beyond that shrink. */
    String img(String alternative, int side) {
        int larger = Math.max(width, height);
        double factor = larger >= side ? (double) side / larger : Math.max(1, side / larger);
        return new Html()
                .add(
                        "<img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"{}\">",
                        uri,
                        Math.max(1, Math.round(width * factor)),
                        Math.max(1, Math.round(height * factor)),
                        alternative)
                .toString();
    }

    private static IndexColorModel heat() {
        byte[][] channels = new byte[3][LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            double place = level * (VIRIDIS.length - 1.0) / (LEVELS - 1);
            int anchor = Math.min((int) place, VIRIDIS.length - 2);
            double share = place - anchor;
            for (int c = 0; c < 3; c++) {
                int shift = 16 - 8 * c;
                int from = VIRIDIS[anchor] >> shift & 0xff;
                int to = VIRIDIS[anchor + 1] >> shift & 0xff;
                channels[c][level] = (byte) Math.round(from + share * (to - from));
            }
        }
        return new IndexColorModel(8, LEVELS, channels[0], channels[1], channels[2]);
    }

    /** The mean of {@code factor x factor} values each; what is left at the right and at the bottom is cut off. */
    static float[] shrink(float[] values, int width, int height, int factor) {
        int columns = width / factor;
        int rows = height / factor;
        float[] shrunk = new float[columns * rows];
        for (int y = 0; y < rows * factor; y++) {
            for (int x = 0; x < columns * factor; x++) {
                shrunk[y / factor * columns + x / factor] += values[y * width + x] / (factor * factor);
            }
        }
        return shrunk;
    }
}
