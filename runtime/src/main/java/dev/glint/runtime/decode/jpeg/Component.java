package dev.glint.runtime.decode.jpeg;

/**
 * One colour component of a frame, with the size it has in blocks and samples (T.81, A.1.1 and A.2.4).
 */
final class Component {
    /** Where the frame header lists it, from 0. */
    final int index;

    final int id;

    /** Horizontal and vertical sampling factor, 1 to 4. */
    final int horizontal;

    final int vertical;

    /** Number of its quantization table. */
    final int quantizationSlot;

    /** Samples that are made of the component, without those that fill up the last blocks. */
    int width;

    int height;

    /** What makes them of a block. */
    BlockTransform transform = new InverseDct();

    /** Blocks that hold samples of the picture. */
    final int blocksPerRow;

    final int blockRows;

    /** Divisors in natural order, fixed when the first scan with this component starts; zeros before. */
    short[] quantization = new short[Zigzag.COEFFICIENTS];

    boolean hasScan;

    Component(FrameHeader.Entry entry, int index, FrameHeader frame) {
        this.index = index;
        this.id = entry.id();
        this.horizontal = entry.horizontal();
        this.vertical = entry.vertical();
        this.quantizationSlot = entry.quantizationSlot();
        this.blocksPerRow = ceilDiv(frame.width() * horizontal, frame.maxHorizontal() * 8);
        this.blockRows = ceilDiv(frame.height() * vertical, frame.maxVertical() * 8);
    }

    /** Blocks per row with those that fill up the last MCU of an interleaved scan. */
    int paddedBlocksPerRow() {
        return ceilDiv(blocksPerRow, horizontal) * horizontal;
    }

    /** Block rows with those that fill up the last MCU of an interleaved scan. */
    int paddedBlockRows() {
        return ceilDiv(blockRows, vertical) * vertical;
    }

    /** Block rows of a row of MCUs that hold samples of the picture. */
    int blockRowsIn(int mcuRow) {
        return Math.min(vertical, blockRows - mcuRow * vertical);
    }

    static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }
}
