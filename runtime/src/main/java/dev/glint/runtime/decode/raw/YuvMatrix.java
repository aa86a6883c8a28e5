package dev.glint.runtime.decode.raw;

/** Luminance and colour differences to red, green and blue, as ITU-R BT.601 weighs them, in fixed point. */
enum YuvMatrix {
    /** Luminance 16 to 235, differences 16 to 240. */
    LIMITED(16, 219, 224),
    /** All 0 to 255. */
    FULL(0, 255, 255);

    private static final int FRACTION = 20;

    /** What luminance weighs of red and of blue. */
    private static final double RED = 0.299;

    private static final double BLUE = 0.114;
    private static final double GREEN = 1 - RED - BLUE;

    private final int black;
    private final int luminance;
    private final int vToRed;
    private final int uToGreen;
    private final int vToGreen;
    private final int uToBlue;

    YuvMatrix(int black, int luminanceSteps, int differenceSteps) {
        this.black = black;
        this.luminance = fixed(255.0 / luminanceSteps);
        double difference = 255.0 / differenceSteps;
        this.vToRed = fixed(difference * 2 * (1 - RED));
        this.uToGreen = fixed(difference * 2 * (1 - BLUE) * BLUE / GREEN);
        this.vToGreen = fixed(difference * 2 * (1 - RED) * RED / GREEN);
        this.uToBlue = fixed(difference * 2 * (1 - BLUE));
    }

    private static int fixed(double value) {
        return (int) Math.rint(value * (1 << FRACTION));
    }

    /** Writes the colour of a pixel; the bytes are unsigned. */
    void convert(byte y, byte u, byte v, byte[] rgb, int at) {
        int light = ((y & 0xff) - black) * luminance + (1 << FRACTION - 1);
        int du = (u & 0xff) - 128;
        int dv = (v & 0xff) - 128;
        rgb[at] = limited(light + vToRed * dv);
        rgb[at + 1] = limited(light - uToGreen * du - vToGreen * dv);
        rgb[at + 2] = limited(light + uToBlue * du);
    }

    private static byte limited(int fixed) {
        return (byte) Math.max(0, Math.min(255, fixed >> FRACTION));
    }
}
