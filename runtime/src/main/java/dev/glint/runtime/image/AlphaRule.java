package dev.glint.runtime.image;

/** What becomes of the alpha channel. */
public sealed interface AlphaRule {

    /** The picture without its alpha channel, {@code GRAY} or {@code RGB}; the same object if it has none. */
    Image apply(Image image);

    /** Alpha is forgotten and the colours stay as stored, as Pillow's {@code convert("RGB")} does. */
    record Drop() implements AlphaRule {
        @Override
        public Image apply(Image image) {
            return image.mode().hasAlpha() ? Pixels.dropAlpha(image) : image;
        }
    }

    /** The picture is laid over one colour, components 0 to 255, rounded as Pillow's {@code paste} with a mask. */
    record CompositeOver(int red, int green, int blue) implements AlphaRule {
        public CompositeOver {
            if (((red | green | blue) & ~0xff) != 0) {
                throw new IllegalArgumentException("a colour of " + red + ", " + green + ", " + blue);
            }
        }

        @Override
        public Image apply(Image image) {
            return image.mode().hasAlpha() ? Pixels.composite(image, red, green, blue) : image;
        }
    }
}
