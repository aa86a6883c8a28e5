package dev.glint.trainer.augment;

import dev.glint.runtime.image.Image;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;

/**
 * Turns a picture about its centre by a random angle; what lies outside becomes black. Bilinear between the four nearest
 * pixels and cut off to 8 bits, as Pillow's {@code Image.rotate(angle, BILINEAR)}.
 *
 * @param degrees the largest angle in either direction, above 0, at most 180
 */
record Rotation(double degrees) implements PictureAugmentation {
    public Rotation {
        Checks.require(degrees > 0 && degrees <= 180, "an angle of " + Checks.text(degrees));
    }

    @Override
    public Image apply(Image image, Draw draw) {
        return rotate(image, draw.between(-degrees, degrees));
    }

    /** A picture turned against the clock. */
    static Image rotate(Image image, double degrees) {
        // Pillow turns by 0 to 360 degrees; the last bit of the sine follows from it.
        double angle = -StrictMath.toRadians(degrees < 0 ? degrees + 360 : degrees);
        double cos = decimals(StrictMath.cos(angle));
        double sin = decimals(StrictMath.sin(angle));
        double centerX = image.width() / 2.0;
        double centerY = image.height() / 2.0;
        double offsetX = cos * -centerX + sin * -centerY + centerX;
        double offsetY = -sin * -centerX + cos * -centerY + centerY;
        int channels = image.mode().channels();
        byte[] to = new byte[image.samples().length];
        int at = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++, at += channels) {
                double fromX = cos * (x + 0.5) + sin * (y + 0.5) + offsetX;
                double fromY = -sin * (x + 0.5) + cos * (y + 0.5) + offsetY;
                sample(image, fromX, fromY, to, at);
            }
        }
        return new Image(image.width(), image.height(), image.mode(), to);
    }

    /** Without the noise behind the 15th decimal, so that a quarter turn is one. */
    private static double decimals(double value) {
        return new BigDecimal(value).setScale(15, RoundingMode.HALF_EVEN).doubleValue();
    }

    private static void sample(Image image, double fromX, double fromY, byte[] to, int at) {
        int width = image.width();
        int height = image.height();
        int channels = image.mode().channels();
        if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) {
            Arrays.fill(to, at, at + channels, (byte) 0);
            return;
        }
        int x = (int) Math.floor(fromX - 0.5);
        int y = (int) Math.floor(fromY - 0.5);
        double dx = fromX - 0.5 - x;
        double dy = fromY - 0.5 - y;
        int left = Math.max(x, 0) * channels;
        int right = Math.min(x + 1, width - 1) * channels;
        int upper = Math.max(y, 0) * width * channels;
        // The last row is not blended with a black one below it.
        int lower = y + 1 < height ? (y + 1) * width * channels : upper;
        byte[] from = image.samples();
        for (int c = 0; c < channels; c++) {
            double above = blend(from[upper + left + c], from[upper + right + c], dx);
            double below = blend(from[lower + left + c], from[lower + right + c], dx);
            to[at + c] = (byte) (int) (above + (below - above) * dy);
        }
    }

    private static double blend(byte from, byte to, double share) {
        int start = from & 0xff;
        return start + ((to & 0xff) - start) * share;
    }

    @Override
    public String toString() {
        return "rotate=" + Checks.text(degrees);
    }
}
