package dev.glint.runtime.decode.jpeg;

import java.util.Arrays;

/** Decodes the blocks of a sequential scan (T.81, F.2.2). */
final class SequentialEntropy implements BlockDecoder {
    private final BitReader reader;
    private final HuffmanTable[] dcTables;
    private final HuffmanTable[] acTables;
    private final int[] lastDc;

    SequentialEntropy(Scan scan, Tables tables, Input in, BitReader reader) {
        this.reader = reader;
        int count = scan.components().length;
        this.dcTables = new HuffmanTable[count];
        this.acTables = new HuffmanTable[count];
        this.lastDc = new int[count];
        for (int i = 0; i < count; i++) {
            dcTables[i] = tables.dc(scan.dcSlots()[i], in);
            acTables[i] = tables.ac(scan.acSlots()[i], in);
        }
    }

    @Override
    public void restart() {
        Arrays.fill(lastDc, 0);
    }

    @Override
    public void decode(int component, short[] block, int at) {
        decodeBlock(component, block, at, true);
    }

    /**
     * As {@link #decode}; returns the zigzag number of the last coefficient that is not zero, or 0.
     *
     * @param frequencies whether more is wanted than the first coefficient; otherwise the others are passed over
     */
    int decodeBlock(int component, short[] block, int at, boolean frequencies) {
        lastDc[component] += difference(dcTables[component]);
        block[at] = (short) lastDc[component];
        if (frequencies) {
            return decodeAc(acTables[component], block, at);
        }
        skipAc(acTables[component]);
        return 0;
    }

    @Override
    public int skipBlocks(int count) {
        return 0;
    }

    private int difference(HuffmanTable table) {
        int size = reader.symbol(table);
        return size == 0 ? 0 : HuffmanTable.extend(reader.bits(size), size);
    }

    /** As {@link #decodeAc}, without the coefficients. */
    private void skipAc(HuffmanTable table) {
        int[] coefficients = table.coefficients;
        short[] symbols = table.symbols;
        long buffer = reader.buffer;
        int bits = reader.bits;
        for (int k = 1; k < Zigzag.COEFFICIENTS; k++) {
            if (bits < BitReader.LOADED) {
                reader.buffer = buffer;
                reader.bits = bits;
                reader.refill();
                buffer = reader.buffer;
                bits = reader.bits;
            }
            int peek = (int) (buffer >>> 64 - HuffmanTable.LOOKAHEAD);
            int coefficient = coefficients[peek];
            if (coefficient != 0) {
                k += coefficient >> 8 & 15;
                int length = coefficient & 0xff;
                buffer <<= length;
                bits -= length;
                continue;
            }
            int entry = symbols[peek];
            if (entry == 0) {
                reader.bits = bits;
                entry = reader.longSymbol(table, (int) (buffer >>> 48));
            }
            int size = entry & 15;
            int run = entry >> 4 & 15;
            int length = (entry >> 8) + size;
            buffer <<= length;
            bits -= length;
            if (size == 0 && run != 15) {
                break;
            }
            k += run;
        }
        reader.buffer = buffer;
        reader.bits = bits;
    }

    private int decodeAc(HuffmanTable table, short[] block, int at) {
        int[] coefficients = table.coefficients;
        short[] symbols = table.symbols;
        byte[] toNatural = Zigzag.TO_NATURAL;
        long buffer = reader.buffer;
        int bits = reader.bits;
        int last = 0;
        for (int k = 1; k < Zigzag.COEFFICIENTS; k++) {
            if (bits < BitReader.LOADED) {
                reader.buffer = buffer;
                reader.bits = bits;
                reader.refill();
                buffer = reader.buffer;
                bits = reader.bits;
            }
            int peek = (int) (buffer >>> 64 - HuffmanTable.LOOKAHEAD);
            int coefficient = coefficients[peek];
            if (coefficient != 0) {
                k += coefficient >> 8 & 15;
                block[at + toNatural[k]] = (short) (coefficient >> 16);
                last = k;
                int length = coefficient & 0xff;
                buffer <<= length;
                bits -= length;
                continue;
            }
            int entry = symbols[peek];
            if (entry == 0) {
                reader.bits = bits;
                entry = reader.longSymbol(table, (int) (buffer >>> 48));
            }
            int length = entry >> 8;
            buffer <<= length;
            bits -= length;
            int run = entry >> 4 & 15;
            int size = entry & 15;
            if (size == 0) {
                if (run != 15) {
                    break;
                }
                k += 15;
                continue;
            }
            k += run;
            block[at + toNatural[k]] = (short) HuffmanTable.extend((int) (buffer >>> 64 - size), size);
            last = k;
            buffer <<= size;
            bits -= size;
        }
        reader.buffer = buffer;
        reader.bits = bits;
        return last;
    }
}
