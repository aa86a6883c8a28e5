package dev.glint.runtime.image;

/** What becomes of the alpha channel. */
public sealed interface AlphaRule {
    /** Alpha is forgotten and the colours stay as stored, as Pillow's {@code convert("RGB")} does. */
    record Drop() implements AlphaRule {}

    /** The picture is laid over one colour, components 0 to 255, rounded as Pillow's {@code paste} with a mask. */
    record CompositeOver(int red, int green, int blue) implements AlphaRule {
        public CompositeOver {
            if (((red | green | blue) & ~0xff) != 0) {
                throw new IllegalArgumentException("a colour of " + red + ", " + green + ", " + blue);
            }
        }
    }
}
