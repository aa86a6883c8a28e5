package dev.glint.runtime.decode.jpeg;

/** What the components of a frame mean. */
enum ColorModel {
    /** One component, luminance. */
    GRAY("L"),
    /** Red, green, blue as they are. */
    RGB("RGB"),
    /** Luminance and two colour differences (ITU-T T.871). */
    YCC("RGB"),
    /** Ink, inverted: 255 is none. */
    CMYK("CMYK"),
    /** The first three of CMYK as luminance and colour differences, black beside them. */
    YCCK("CMYK");

    /** Stands for the transform where there is no Adobe marker. */
    static final int NO_ADOBE_MARKER = -1;

    private final String pillowMode;

    ColorModel(String pillowMode) {
        this.pillowMode = pillowMode;
    }

    /** The mode that Pillow opens such a file in. */
    String pillowMode() {
        return pillowMode;
    }

    /**
     * Tells it as libjpeg does: by the JFIF marker, else by the Adobe marker, else by the component identifiers.
     *
     * @param adobeTransform the transform of the Adobe marker, or {@link #NO_ADOBE_MARKER}
     */
    static ColorModel choose(Frame frame, boolean jfif, int adobeTransform) {
        return switch (frame.components.length) {
            case 1 -> GRAY;
            case 3 -> three(frame.components, jfif, adobeTransform);
            default -> adobeTransform == NO_ADOBE_MARKER || adobeTransform == 0 ? CMYK : YCCK;
        };
    }

    private static ColorModel three(Component[] components, boolean jfif, int adobeTransform) {
        if (jfif) {
            return YCC;
        }
        if (adobeTransform != NO_ADOBE_MARKER) {
            return adobeTransform == 0 ? RGB : YCC;
        }
        boolean named = components[0].id == 'R' && components[1].id == 'G' && components[2].id == 'B';
        return named ? RGB : YCC;
    }
}
