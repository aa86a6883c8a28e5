package dev.glint.runtime.decode.jpeg;

import java.util.Arrays;

/** Decodes the blocks of a progressive scan: spectral selection and successive approximation (T.81, G.1.2). */
final class ProgressiveEntropy implements BlockDecoder {
    private final Scan scan;
    private final Input in;
    private final BitReader reader;
    private final HuffmanTable[] tables;
    private final int[] lastDc;

    /** Blocks still to come in which the band has no new coefficient. */
    private int emptyBlocks;

    ProgressiveEntropy(Scan scan, Tables defined, Input in, BitReader reader) {
        this.scan = scan;
        this.in = in;
        this.reader = reader;
        int count = scan.components().length;
        this.tables = new HuffmanTable[count];
        this.lastDc = new int[count];
        for (int i = 0; i < count; i++) {
            if (!scan.isDc()) {
                tables[i] = defined.ac(scan.acSlots()[i], in);
            } else if (scan.approximationHigh() == 0) {
                tables[i] = defined.dc(scan.dcSlots()[i], in);
            }
        }
    }

    @Override
    public void restart() {
        Arrays.fill(lastDc, 0);
        emptyBlocks = 0;
    }

    @Override
    public int skipBlocks(int count) {
        int skipped = scan.approximationHigh() == 0 ? Math.min(count, emptyBlocks) : 0;
        emptyBlocks -= skipped;
        return skipped;
    }

    @Override
    public void decode(int component, short[] block, int at) {
        boolean first = scan.approximationHigh() == 0;
        if (!scan.isDc()) {
            if (first) {
                decodeBand(block, at);
            } else {
                refineBand(block, at);
            }
        } else if (first) {
            decodeDc(component, block, at);
        } else if (reader.bit() != 0) {
            block[at] |= (short) (1 << scan.approximationLow());
        }
    }

    private void decodeDc(int component, short[] block, int at) {
        int size = reader.symbol(tables[component]);
        int difference = size == 0 ? 0 : HuffmanTable.extend(reader.bits(size), size);
        try {
            lastDc[component] = Math.addExact(lastDc[component], difference);
        } catch (ArithmeticException e) {
            throw in.broken("a DC coefficient beyond 32 bits", "intact image data");
        }
        block[at] = (short) (lastDc[component] << scan.approximationLow());
    }

    private void decodeBand(short[] block, int at) {
        if (emptyBlocks > 0) {
            emptyBlocks--;
            return;
        }
        HuffmanTable table = tables[0];
        int low = scan.approximationLow();
        for (int k = scan.spectralStart(); k <= scan.spectralEnd(); k++) {
            int symbol = reader.symbol(table);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size != 0) {
                k += run;
                int value = HuffmanTable.extend(reader.bits(size), size);
                block[at + Zigzag.TO_NATURAL[k]] = (short) (value << low);
            } else if (run == 15) {
                k += 15;
            } else {
                emptyBlocks = endOfBandRun(run) - 1;
                return;
            }
        }
    }

    private int endOfBandRun(int size) {
        return (1 << size) + (size == 0 ? 0 : reader.bits(size));
    }

    private void refineBand(short[] block, int at) {
        int k = scan.spectralStart();
        if (emptyBlocks == 0) {
            k = insertCoefficients(block, at, k);
        }
        if (emptyBlocks > 0) {
            refine(block, at, k, Zigzag.COEFFICIENTS);
            emptyBlocks--;
        }
    }

    /** Reads new coefficients, and a bit for each older one in between; returns where it left off. */
    private int insertCoefficients(short[] block, int at, int start) {
        int end = scan.spectralEnd();
        int plus = 1 << scan.approximationLow();
        int k = start;
        for (; k <= end; k++) {
            int symbol = reader.symbol(tables[0]);
            int run = symbol >> 4;
            int size = symbol & 15;
            int value = 0;
            if (size != 0) {
                if (size != 1) {
                    reader.badCode();
                }
                value = reader.bit() != 0 ? plus : -plus;
            } else if (run != 15) {
                emptyBlocks = endOfBandRun(run);
                break;
            }
            k = refine(block, at, k, run);
            if (value != 0) {
                block[at + Zigzag.TO_NATURAL[k]] = (short) value;
            }
        }
        return k;
    }

    /**
     * Reads a bit for each coefficient that is not zero, over a number of those that are; returns the place of the zero
     * behind them, or the one behind the band.
     */
    private int refine(short[] block, int at, int start, int zeros) {
        int end = scan.spectralEnd();
        int plus = 1 << scan.approximationLow();
        int left = zeros;
        int k = start;
        for (; k <= end; k++) {
            int place = at + Zigzag.TO_NATURAL[k];
            int coefficient = block[place];
            if (coefficient == 0) {
                if (--left < 0) {
                    break;
                }
            } else if (reader.bit() != 0 && (coefficient & plus) == 0) {
                block[place] = (short) (coefficient + (coefficient > 0 ? plus : -plus));
            }
        }
        return k;
    }
}
