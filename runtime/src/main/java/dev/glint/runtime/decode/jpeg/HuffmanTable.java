package dev.glint.runtime.decode.jpeg;

import org.jspecify.annotations.Nullable;

/**
 * A Huffman table ready for decoding (T.81, annexes C and F.2.2.3), with two tables that are looked up by the next
 * {@value #LOOKAHEAD} bits.
 */
final class HuffmanTable {
    /** Bits looked up at once; the few codes that are longer are found bit by bit. */
    static final int LOOKAHEAD = 10;

    /** Bits that a sequence matching no code takes away, as in libjpeg. */
    static final int BAD_CODE_BITS = 17;

    /** What stands for a sequence that matches no code. */
    static final int BAD_CODE = -1;

    /** Code length in bits 8 to 12, symbol in bits 0 to 7; 0 if the code is longer than the look-ahead. */
    final short[] symbols = new short[1 << LOOKAHEAD];

    /**
     * A code with the coefficient bits behind it, if all of that fits into the look-ahead: the coefficient in bits 16 to
     * 31, the run of zeros before it in bits 8 to 11, the bits it takes in bits 0 to 7. Otherwise 0.
     */
    final int[] coefficients = new int[1 << LOOKAHEAD];

    private final int[] lastCode = new int[17];
    private final int[] symbolOffset = new int[17];
    private final byte[] values;

    private HuffmanTable(byte[] values) {
        this.values = values;
    }

    /**
     * Makes the table.
     *
     * @param counts how many codes there are of each length; counts[0] of length 1
     * @param values the symbols, in the order of their codes
     * @return null if the counts describe no prefix code, or one that uses the code of all ones
     */
    static @Nullable HuffmanTable build(byte[] counts, byte[] values) {
        HuffmanTable table = new HuffmanTable(values);
        int code = 0;
        int index = 0;
        for (int length = 1; length <= 16; length++) {
            int count = counts[length - 1] & 0xff;
            table.symbolOffset[length] = index - code;
            table.lastCode[length] = count == 0 ? -1 : code + count - 1;
            if (count > 0 && code + count >= 1 << length) {
                return null;
            }
            for (int i = 0; i < count; i++) {
                table.fillLookups(code++, length, values[index++] & 0xff);
            }
            code <<= 1;
        }
        return table;
    }

    private void fillLookups(int code, int length, int symbol) {
        int free = LOOKAHEAD - length;
        if (free < 0) {
            return;
        }
        int size = symbol & 15;
        int run = symbol >> 4;
        for (int rest = 0; rest < 1 << free; rest++) {
            int bits = code << free | rest;
            symbols[bits] = (short) (length << 8 | symbol);
            if (size > 0 && size <= free) {
                int value = extend(rest >> free - size, size);
                coefficients[bits] = value << 16 | run << 8 | length + size;
            }
        }
    }

    /** Whether all symbols are sizes that a DC difference may have. */
    boolean fitsDc() {
        for (byte value : values) {
            if ((value & 0xff) > 15) {
                return false;
            }
        }
        return true;
    }

    /** The value of {@code size} bits (T.81, figure F.12); {@code size} is 1 to 15. */
    static int extend(int bits, int size) {
        return bits < 1 << size - 1 ? bits + (-1 << size) + 1 : bits;
    }

    /**
     * Finds a code that is longer than the look-ahead.
     *
     * @param next the next 16 bits
     * @return code length in bits 8 to 12, symbol in bits 0 to 7, or {@link #BAD_CODE}
     */
    int longCode(int next) {
        for (int length = LOOKAHEAD + 1; length <= 16; length++) {
            int code = next >> 16 - length;
            if (code <= lastCode[length]) {
                return length << 8 | values[code + symbolOffset[length]] & 0xff;
            }
        }
        return BAD_CODE;
    }
}
