package dev.glint.runtime.decode.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bits of an entropy-coded segment. The next bit is the highest of {@link #buffer}; behind the last bit of the
 * segment follow zeros, and {@link #bits} becomes negative. The decoding loops keep both fields in local variables and
 * put them back around {@link #refill}.
 */
final class BitReader {
    /** A look at this many bits never goes beyond what {@link #refill} has loaded. */
    static final int LOADED = 32;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;

    /** Keeps the number of missing bits from running round. */
    private static final int BROKEN_OFF = Integer.MIN_VALUE / 2;

    private final Input in;

    long buffer;
    int bits;

    /** Whether the segment ended before its last MCU: from there to the next restart nothing is decoded. */
    boolean exhausted;

    private int restartInterval;
    private int mcusToRestart;
    private int restartNumber;

    BitReader(Input in) {
        this.in = in;
    }

    /**
     * Begins a scan.
     *
     * @param interval MCUs between two restart markers; 0 if there are none
     */
    void start(int interval) {
        buffer = 0;
        bits = 0;
        exhausted = false;
        restartInterval = interval;
        mcusToRestart = interval;
        restartNumber = 0;
    }

    /** MCUs up to the next restart marker, or more than there ever are. */
    int mcusToRestart() {
        return restartInterval == 0 ? Integer.MAX_VALUE : mcusToRestart;
    }

    /** Reads a restart marker if one is due; returns whether it was. */
    boolean restartIfDue() {
        if (restartInterval == 0 || mcusToRestart > 0) {
            return false;
        }
        restart(restartNumber);
        restartNumber = restartNumber + 1 & 7;
        mcusToRestart = restartInterval;
        return true;
    }

    /** Counts MCUs as decoded, and finds out whether they took more bits than there were. */
    void finishMcus(int count) {
        mcusToRestart -= count;
        if (bits < 0) {
            endEarly();
        }
    }

    private void endEarly() {
        if (!exhausted) {
            in.damaged("image data that end too early, before " + Marker.name(in.marker), "all MCUs of the scan");
            exhausted = true;
        }
        bits = Math.max(bits, BROKEN_OFF);
    }

    /** Loads more, if there is more; called when there are fewer than {@link #LOADED} bits. */
    void refill() {
        if (in.marker == Marker.NONE && in.position <= in.data.length - Long.BYTES) {
            long next = (long) LONG.get(in.data, in.position);
            long inverted = ~next;
            boolean hasFf = ((inverted - EACH_BYTE) & ~inverted & EACH_BYTE << 7) != 0;
            if (!hasFf) {
                int bytes = 64 - bits >> 3;
                buffer |= next >>> bits;
                bits += bytes << 3;
                in.position += bytes;
                return;
            }
        }
        refillByByte();
    }

    private void refillByByte() {
        while (in.marker == Marker.NONE && bits <= 56) {
            int next = in.u8();
            if (next == 0xff) {
                int code;
                do {
                    code = in.u8();
                } while (code == 0xff);
                if (code != 0) {
                    in.marker = code;
                    return;
                }
            }
            buffer |= (long) next << 56 - bits;
            bits += 8;
        }
    }

    /** The next bit. */
    int bit() {
        if (bits < 1) {
            refill();
        }
        int bit = (int) (buffer >>> 63);
        buffer <<= 1;
        bits--;
        return bit;
    }

    /** The next bits, 1 to 16. */
    int bits(int count) {
        if (bits < count) {
            refill();
        }
        int value = (int) (buffer >>> 64 - count);
        buffer <<= count;
        bits -= count;
        return value;
    }

    /** The next symbol; 0 for a sequence that is none. */
    int symbol(HuffmanTable table) {
        if (bits < LOADED) {
            refill();
        }
        int entry = table.symbols[(int) (buffer >>> 64 - HuffmanTable.LOOKAHEAD)];
        if (entry == 0) {
            entry = longSymbol(table, (int) (buffer >>> 48));
        }
        int length = entry >> 8;
        buffer <<= length;
        bits -= length;
        return entry & 0xff;
    }

    /**
     * Finds a code that is longer than the look-ahead.
     *
     * @param next the next 16 bits
     * @return its length in bits 8 to 12, its symbol in bits 0 to 7; symbol 0 for a sequence that is no code, as libjpeg
     *     takes it
     */
    int longSymbol(HuffmanTable table, int next) {
        int entry = table.longCode(next);
        if (entry != HuffmanTable.BAD_CODE) {
            return entry;
        }
        if (bits >= HuffmanTable.BAD_CODE_BITS) {
            badCode();
        }
        return HuffmanTable.BAD_CODE_BITS << 8;
    }

    void badCode() {
        in.damaged("a bad Huffman code", "intact image data");
    }

    /** Reads the restart marker, or finds a way on without it, as libjpeg does (T.81, F.2.2.5). */
    private void restart(int number) {
        buffer = 0;
        bits = 0;
        if (in.marker == Marker.NONE) {
            in.nextMarker();
        }
        if (in.marker == Marker.RST0 + number) {
            in.marker = Marker.NONE;
        } else {
            in.damaged("marker " + Marker.name(in.marker), Marker.name(Marker.RST0 + number));
            resynchronize(number);
        }
        if (in.marker == Marker.NONE) {
            exhausted = false;
        }
    }

    /**
     * Skips bogus markers and restart markers that should have come before; stops in front of the next two expected
     * ones, so that a segment is left out; takes any other restart marker for the one expected.
     */
    private void resynchronize(int number) {
        while (true) {
            int ahead = in.marker - Marker.RST0 - number & 7;
            boolean restart = Marker.isRestart(in.marker);
            boolean passed = restart && ahead >= 6;
            if (in.marker >= Marker.SOF0 && !passed) {
                boolean stop = !restart || ahead == 1 || ahead == 2;
                in.marker = stop ? in.marker : Marker.NONE;
                return;
            }
            in.nextMarker();
        }
    }
}
