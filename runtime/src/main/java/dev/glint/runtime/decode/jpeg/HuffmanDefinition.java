package dev.glint.runtime.decode.jpeg;

import org.jspecify.annotations.Nullable;

/** A Huffman table as it was sent; made ready, and found to be in order, when a scan first needs it. */
final class HuffmanDefinition {
    private final byte[] counts;
    private final byte[] values;
    private @Nullable HuffmanTable table;

    /**
     * A definition.
     *
     * @param counts how many codes there are of each length, 1 to 16
     * @param values the symbols, in the order of their codes
     */
    HuffmanDefinition(byte[] counts, byte[] values) {
        this.counts = counts;
        this.values = values;
    }

    /** The table; null if the counts describe no prefix code. */
    @Nullable HuffmanTable table() {
        if (table == null) {
            table = HuffmanTable.build(counts, values);
        }
        return table;
    }
}
