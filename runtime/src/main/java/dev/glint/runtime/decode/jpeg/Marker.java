package dev.glint.runtime.decode.jpeg;

import java.util.Locale;

/** The marker codes of ITU-T T.81, table B.1: the byte after 0xFF. */
final class Marker {
    static final int NONE = 0;
    static final int TEM = 0x01;
    static final int SOF0 = 0xc0;
    static final int SOF1 = 0xc1;
    static final int SOF2 = 0xc2;
    static final int SOF3 = 0xc3;
    static final int DHT = 0xc4;
    static final int JPG = 0xc8;
    static final int SOF9 = 0xc9;
    static final int SOF10 = 0xca;
    static final int SOF11 = 0xcb;
    static final int DAC = 0xcc;
    static final int SOF15 = 0xcf;
    static final int RST0 = 0xd0;
    static final int RST7 = 0xd7;
    static final int SOI = 0xd8;
    static final int EOI = 0xd9;
    static final int SOS = 0xda;
    static final int DQT = 0xdb;
    static final int DNL = 0xdc;
    static final int DRI = 0xdd;
    static final int DHP = 0xde;
    static final int EXP = 0xdf;
    static final int APP0 = 0xe0;
    static final int APP1 = 0xe1;
    static final int APP14 = 0xee;
    static final int APP15 = 0xef;
    static final int COM = 0xfe;

    private static final String[] FROM_SOF0 = {
        "SOF0", "SOF1", "SOF2", "SOF3", "DHT", "SOF5", "SOF6", "SOF7", "JPG", "SOF9", "SOF10", "SOF11", "DAC", "SOF13",
        "SOF14", "SOF15", "RST0", "RST1", "RST2", "RST3", "RST4", "RST5", "RST6", "RST7", "SOI", "EOI", "SOS", "DQT",
        "DNL", "DRI", "DHP", "EXP"
    };

    private Marker() {}

    /** Whether it is the start of a frame, of whatever coding process. */
    static boolean startsFrame(int marker) {
        return marker >= SOF0 && marker <= SOF15 && marker != DHT && marker != JPG && marker != DAC;
    }

    static boolean isRestart(int marker) {
        return marker >= RST0 && marker <= RST7;
    }

    /** As the specification calls it. */
    static String name(int marker) {
        if (marker >= SOF0 && marker <= EXP) {
            return FROM_SOF0[marker - SOF0];
        }
        if (marker >= APP0 && marker <= APP15) {
            return "APP" + (marker - APP0);
        }
        return switch (marker) {
            case TEM -> "TEM";
            case COM -> "COM";
            default -> String.format(Locale.ROOT, "0xFF%02X", marker);
        };
    }
}
