package dev.glint.runtime.decode.jpeg;

import org.jspecify.annotations.Nullable;

/** The tables and settings that hold until the next marker changes them (T.81, B.2.4). */
final class Tables {
    private static final int SLOTS = 4;

    private final short[] @Nullable [] quantization = new short[SLOTS][];
    private final @Nullable HuffmanDefinition[] dc = new HuffmanDefinition[SLOTS];
    private final @Nullable HuffmanDefinition[] ac = new HuffmanDefinition[SLOTS];
    private int restartInterval;

    /** MCUs between two restart markers; 0 if there are none. */
    int restartInterval() {
        return restartInterval;
    }

    /** Divisors in natural order, taken modulo 2^16 as libjpeg-turbo's vector code does; null if not defined. */
    short @Nullable [] quantization(int slot) {
        return slot < SLOTS ? quantization[slot] : null;
    }

    HuffmanTable dc(int slot, Input in) {
        HuffmanTable table = huffman("DC", dc, slot, in);
        if (!table.fitsDc()) {
            throw in.broken("DC Huffman table " + slot + " with a symbol above 15", "sizes of 0 to 15 bits");
        }
        return table;
    }

    HuffmanTable ac(int slot, Input in) {
        return huffman("AC", ac, slot, in);
    }

    private static HuffmanTable huffman(String kind, @Nullable HuffmanDefinition[] definitions, int slot, Input in) {
        HuffmanDefinition definition = slot < SLOTS ? definitions[slot] : null;
        if (definition == null) {
            throw in.broken("a scan with " + kind + " Huffman table " + slot, "a table that was defined before");
        }
        HuffmanTable table = definition.table();
        if (table == null) {
            throw in.broken(kind + " Huffman table " + slot + " with impossible code lengths", "a prefix code");
        }
        return table;
    }

    /** Defines the tables of T.81, annex K.3, where there are none of their number. */
    void addStandardHuffmanTables() {
        StandardTables.addTo(dc, ac);
    }

    void readQuantization(Input in) {
        int left = in.u16() - 2;
        while (left > 0) {
            int head = in.u8();
            boolean wide = head >> 4 != 0;
            int slot = slot(in, "DQT", head & 15);
            short[] divisors = new short[Zigzag.COEFFICIENTS];
            for (int k = 0; k < Zigzag.COEFFICIENTS; k++) {
                divisors[Zigzag.TO_NATURAL[k]] = (short) (wide ? in.u16() : in.u8());
            }
            quantization[slot] = divisors;
            left -= 1 + Zigzag.COEFFICIENTS * (wide ? 2 : 1);
        }
        requireUsedUp(in, "DQT", left);
    }

    void readHuffman(Input in) {
        int left = in.u16() - 2;
        while (left > 16) {
            int head = in.u8();
            byte[] counts = new byte[16];
            int total = 0;
            for (int i = 0; i < 16; i++) {
                counts[i] = (byte) in.u8();
                total += counts[i] & 0xff;
            }
            left -= 17;
            if (total > 256 || total > left) {
                throw in.broken("DHT with " + total + " codes in " + left + " bytes", "a Huffman table");
            }
            byte[] values = new byte[total];
            for (int i = 0; i < total; i++) {
                values[i] = (byte) in.u8();
            }
            left -= total;
            boolean isAc = (head & 0x10) != 0;
            (isAc ? ac : dc)[slot(in, "DHT", head & ~0x10)] = new HuffmanDefinition(counts, values);
        }
        requireUsedUp(in, "DHT", left);
    }

    void readRestartInterval(Input in) {
        int length = in.u16();
        requireUsedUp(in, "DRI", length - 4);
        restartInterval = in.u16();
    }

    /** Arithmetic conditioning means nothing to a Huffman picture but must make sense, as in libjpeg. */
    static void readConditioning(Input in) {
        int left = in.u16() - 2;
        while (left > 0) {
            int index = in.u8();
            int value = in.u8();
            left -= 2;
            if (index >= 32 || index < 16 && (value & 15) > value >> 4) {
                throw in.broken("DAC with entry " + index + " = " + value, "arithmetic conditioning");
            }
        }
        requireUsedUp(in, "DAC", left);
    }

    private static int slot(Input in, String marker, int slot) {
        if (slot >= SLOTS) {
            throw in.broken(marker + " with table number " + slot, "0 to 3");
        }
        return slot;
    }

    private static void requireUsedUp(Input in, String marker, int left) {
        if (left != 0) {
            throw in.broken(marker + " of a wrong length", "a length that fits its content");
        }
    }
}
