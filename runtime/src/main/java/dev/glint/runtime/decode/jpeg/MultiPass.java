package dev.glint.runtime.decode.jpeg;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.failure.GlintException;

/** Decodes a picture of several scans: all coefficients are gathered first, then they become pixels. */
final class MultiPass {
    /** Passing over a block costs what so many of its coefficients do, even if a scan is of fewer. */
    private static final int MIN_COEFFICIENTS = 16;

    /** What a small picture may have in any case. */
    private static final long FREE_COEFFICIENTS = 1 << 26;

    private final Frame frame;
    private final Input in;
    private final Progression progression;
    private final CoefficientPlane[] planes;
    private final BitReader reader;
    private long coefficientsPassed;

    /** The last row of MCUs of the frame for which the last scan had data. */
    private int lastGoodRow;

    MultiPass(Frame frame, Input in) {
        this.frame = frame;
        this.in = in;
        this.progression = new Progression(in, frame);
        this.reader = new BitReader(in);
        requireAddressable();
        this.planes = new CoefficientPlane[frame.components.length];
        for (Component component : frame.components) {
            planes[component.index] = new CoefficientPlane(component);
        }
    }

    private void requireAddressable() {
        for (Component component : frame.components) {
            long blocks = (long) component.paddedBlocksPerRow() * component.paddedBlockRows();
            if (blocks * Zigzag.COEFFICIENTS > Integer.MAX_VALUE - 8) {
                throw DecodeLimits.exceeded(
                        "a progressive picture of " + frame.width + "x" + frame.height,
                        "at most 2^31 coefficients per component");
            }
        }
    }

    /** Decodes a scan. */
    void decode(Scan scan, Tables tables) {
        if (frame.progressive) {
            progression.begin(scan);
        }
        int band = frame.progressive ? scan.spectralEnd() - scan.spectralStart() + 1 : Zigzag.COEFFICIENTS;
        coefficientsPassed += scan.blocks(frame) * Math.max(MIN_COEFFICIENTS, band);
        long coefficients = frame.blocks() * Zigzag.COEFFICIENTS;
        if (coefficientsPassed > Math.max(FREE_COEFFICIENTS, JpegDecoder.MAX_PASSES * coefficients)) {
            throw tooManyScans(coefficients);
        }
        if (isOfNoUse(scan)) {
            lastGoodRow = frame.mcuRows - 1;
            return;
        }
        BlockDecoder decoder;
        if (frame.progressive) {
            decoder = new ProgressiveEntropy(scan, tables, in, reader);
        } else {
            decoder = new SequentialEntropy(scan, tables, in, reader);
        }
        reader.start(tables.restartInterval());
        decodeMcus(scan, decoder);
    }

    /** Frequencies of components of which an eighth is made, and so nothing but averages. Whoever searches for the next marker passes over them. */
    private boolean isOfNoUse(Scan scan) {
        if (in.lenient || !frame.progressive || scan.isDc()) {
            return false;
        }
        for (Component component : scan.components()) {
            if (component.transform.size() > 1) {
                return false;
            }
        }
        return true;
    }

    private GlintException tooManyScans(long coefficients) {
        return DecodeLimits.exceeded(
                "scans that pass over " + coefficientsPassed + " coefficients of a picture of " + coefficients,
                "at most " + JpegDecoder.MAX_PASSES + " passes");
    }

    private void decodeMcus(Scan scan, BlockDecoder decoder) {
        int mcusPerRow = scan.mcusPerRow(frame);
        for (int mcuRow = 0; mcuRow < frame.mcuRows; mcuRow++) {
            int rows = scan.mcuRowsIn(mcuRow);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < mcusPerRow; ) {
                    if (!reader.exhausted) {
                        lastGoodRow = mcuRow;
                    }
                    if (reader.restartIfDue()) {
                        decoder.restart();
                    }
                    int left = Math.min(mcusPerRow - column, reader.mcusToRestart());
                    int decoded = reader.exhausted ? left : decoder.skipBlocks(left);
                    if (decoded == 0) {
                        decodeMcu(scan, decoder, mcuRow, row, column);
                        decoded = 1;
                    }
                    reader.finishMcus(decoded);
                    column += decoded;
                }
            }
        }
    }

    private void decodeMcu(Scan scan, BlockDecoder decoder, int mcuRow, int row, int column) {
        Component[] components = scan.components();
        if (!scan.interleaved()) {
            CoefficientPlane plane = planes[components[0].index];
            decoder.decode(0, plane.coefficients, plane.offset(mcuRow * components[0].vertical + row, column));
            return;
        }
        for (int i = 0; i < components.length; i++) {
            Component component = components[i];
            CoefficientPlane plane = planes[component.index];
            for (int y = 0; y < component.vertical; y++) {
                int at = plane.offset(mcuRow * component.vertical + y, column * component.horizontal);
                for (int x = 0; x < component.horizontal; x++) {
                    decoder.decode(i, plane.coefficients, at + x * Zigzag.COEFFICIENTS);
                }
            }
        }
    }

    /** Makes the pixels, once all scans are decoded. */
    void write(PictureWriter writer) {
        BlockSmoothing smoothing = frame.progressive && BlockSmoothing.applies(frame, progression)
                ? new BlockSmoothing(frame, progression, lastGoodRow)
                : null;
        for (int mcuRow = 0; mcuRow < frame.mcuRows; mcuRow++) {
            for (Component component : frame.components) {
                CoefficientPlane plane = planes[component.index];
                SampleRows rows = writer.samples(component);
                short[] smoothed = new short[smoothing == null ? 0 : plane.blocksPerRow * Zigzag.COEFFICIENTS];
                for (int y = 0; y < component.blockRowsIn(mcuRow); y++) {
                    short[] blocks = plane.coefficients;
                    int at = plane.offset(mcuRow * component.vertical + y, 0);
                    if (smoothing != null) {
                        smoothing.smoothRow(component, plane, mcuRow, y, smoothed);
                        blocks = smoothed;
                        at = 0;
                    }
                    for (int x = 0; x < component.blocksPerRow; x++, at += Zigzag.COEFFICIENTS) {
                        component.transform.transform(
                                blocks, at, component.quantization, rows.samples, rows.blockOffset(y, x), rows.stride);
                    }
                }
            }
            writer.finishMcuRow();
        }
    }
}
