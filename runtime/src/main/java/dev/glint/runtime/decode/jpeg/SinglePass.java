package dev.glint.runtime.decode.jpeg;

import java.util.Arrays;

/** Decodes a sequential picture of one scan, a row of MCUs at a time. */
final class SinglePass {
    private final Frame frame;
    private final Scan scan;
    private final BitReader reader;
    private final SequentialEntropy entropy;
    private final PictureWriter writer;
    private final short[] block = new short[Zigzag.COEFFICIENTS];

    SinglePass(Frame frame, Scan scan, Tables tables, Input in, PictureWriter writer) {
        this.frame = frame;
        this.scan = scan;
        this.reader = new BitReader(in);
        this.entropy = new SequentialEntropy(scan, tables, in, reader);
        this.writer = writer;
        reader.start(tables.restartInterval());
    }

    void decode() {
        int mcusPerRow = scan.mcusPerRow(frame);
        for (int mcuRow = 0; mcuRow < frame.mcuRows; mcuRow++) {
            int rows = scan.mcuRowsIn(mcuRow);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < mcusPerRow; column++) {
                    if (reader.restartIfDue()) {
                        entropy.restart();
                    }
                    if (scan.interleaved()) {
                        decodeMcu(mcuRow, column);
                    } else {
                        decodeBlock(0, scan.components()[0], row, column, true);
                    }
                    reader.finishMcus(1);
                }
            }
            writer.finishMcuRow();
        }
    }

    private void decodeMcu(int mcuRow, int mcuColumn) {
        Component[] components = scan.components();
        for (int i = 0; i < components.length; i++) {
            Component component = components[i];
            int rows = component.blockRowsIn(mcuRow);
            for (int y = 0; y < component.vertical; y++) {
                for (int x = 0; x < component.horizontal; x++) {
                    int column = mcuColumn * component.horizontal + x;
                    decodeBlock(i, component, y, column, y < rows && column < component.blocksPerRow);
                }
            }
        }
    }

    /** Decodes a block; only one inside the picture becomes samples. */
    private void decodeBlock(int number, Component component, int row, int column, boolean inside) {
        int last = reader.exhausted ? 0 : entropy.decodeBlock(number, block, 0, component.transform.size() > 1);
        if (inside) {
            SampleRows rows = writer.samples(component);
            int at = rows.blockOffset(row, column);
            if (last == 0) {
                component.transform.transformFlat(block[0], component.quantization[0], rows.samples, at, rows.stride);
            } else {
                component.transform.transform(block, 0, component.quantization, rows.samples, at, rows.stride);
            }
        }
        Arrays.fill(block, (short) 0);
    }
}
