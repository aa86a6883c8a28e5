package dev.glint.runtime.decode.jpeg;

/** Decodes the coefficients of a scan, block by block. */
sealed interface BlockDecoder permits SequentialEntropy, ProgressiveEntropy {
    /** Forgets what later blocks take from earlier ones. */
    void restart();

    /**
     * Decodes what the scan has of a block.
     *
     * @param component its number in the scan
     * @param block holds its coefficients in natural order; what the scan does not change is not written
     * @param at where in {@code block} they begin
     */
    void decode(int component, short[] block, int at);

    /** Takes note that the next blocks stay as they are; returns how many, at most {@code count}. */
    int skipBlocks(int count);
}
