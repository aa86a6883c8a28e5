package dev.glint.runtime.decode.jpeg;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A scan header (T.81, B.2.3).
 *
 * @param components those in the scan, in their order
 * @param dcSlots number of the DC Huffman table of each
 * @param acSlots number of the AC Huffman table of each
 * @param spectralStart first coefficient in zigzag order
 * @param spectralEnd last coefficient in zigzag order
 * @param approximationHigh bits that earlier scans left out of these coefficients; 0 if there were none
 * @param approximationLow bits that this scan leaves out
 */
record Scan(
        Component[] components,
        int[] dcSlots,
        int[] acSlots,
        int spectralStart,
        int spectralEnd,
        int approximationHigh,
        int approximationLow) {

    private static final int MAX_COMPONENTS = 4;

    /** The largest MCU of an interleaved scan, in blocks. */
    private static final int MAX_BLOCKS = 10;

    static Scan read(Input in, Frame frame) {
        int length = in.u16();
        int count = in.u8();
        if (length != 6 + 2 * count || count < 1 || count > MAX_COMPONENTS) {
            throw in.broken("SOS with " + count + " components in " + length + " bytes", "1 to 4 components");
        }
        @Nullable Component[] components = new Component[MAX_COMPONENTS];
        int[] dcSlots = new int[count];
        int[] acSlots = new int[count];
        for (int i = 0; i < count; i++) {
            components[i] = component(in, frame, components);
            int slots = in.u8();
            dcSlots[i] = slots >> 4;
            acSlots[i] = slots & 15;
        }
        int start = in.u8();
        int end = in.u8();
        int approximation = in.u8();
        Scan scan = new Scan(
                Arrays.copyOf(components, count), dcSlots, acSlots, start, end, approximation >> 4, approximation & 15);
        scan.requireSmallMcu(in);
        return scan;
    }

    /** As libjpeg-turbo searches: components come in the order of the frame. */
    private static Component component(Input in, Frame frame, @Nullable Component[] taken) {
        int id = in.u8();
        for (Component component : frame.components) {
            if (component.id == id && taken[component.index] == null) {
                if (Arrays.asList(taken).contains(component)) {
                    break;
                }
                return component;
            }
        }
        throw in.broken("SOS with component " + id, "a component of the frame, each once and in the frame's order");
    }

    private void requireSmallMcu(Input in) {
        int blocks = 0;
        for (Component component : components) {
            blocks += component.horizontal * component.vertical;
        }
        if (interleaved() && blocks > MAX_BLOCKS) {
            throw in.broken("an MCU of " + blocks + " blocks", "at most " + MAX_BLOCKS);
        }
    }

    /** Whether an MCU holds blocks of several components, else it is one block. */
    boolean interleaved() {
        return components.length > 1;
    }

    boolean isDc() {
        return spectralStart == 0;
    }

    /** MCUs in a row. */
    int mcusPerRow(Frame frame) {
        return interleaved() ? frame.mcusPerRow : components[0].blocksPerRow;
    }

    /** Rows of MCUs that lie within one row of the frame's MCUs. */
    int mcuRowsIn(int frameMcuRow) {
        return interleaved() ? 1 : components[0].blockRowsIn(frameMcuRow);
    }

    /** Blocks that are sent, those that fill up the last MCUs included. */
    long blocks(Frame frame) {
        long blocks = 0;
        for (Component component : components) {
            blocks += interleaved()
                    ? (long) component.paddedBlocksPerRow() * component.paddedBlockRows()
                    : (long) component.blocksPerRow * component.blockRows;
        }
        return blocks;
    }
}
