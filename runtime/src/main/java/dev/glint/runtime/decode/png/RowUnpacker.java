package dev.glint.runtime.decode.png;

import dev.glint.runtime.image.Image.Mode;
import dev.glint.runtime.image.SixteenBitRule;
import java.util.Arrays;
import java.util.Optional;

/**
 * Turns the bytes of a row into 8-bit samples. One byte or less per pixel goes through a table, which holds palette,
 * scaling of small bit depths and transparency; 8-bit samples without a transparent colour are copied; the rest is
 * compared and reduced sample by sample.
 */
final class RowUnpacker {
    private final Header header;
    private final Mode mode;
    private final int channelsIn;
    private final int channelsOut;
    private final int[] key;
    private final boolean clipGray;
    private final byte[] table;

    RowUnpacker(Structure structure, SixteenBitRule sixteenBit) {
        this.header = structure.header();
        Optional<Transparency> transparency = structure.transparency();
        this.mode = header.colorType().mode(transparency.isPresent());
        this.channelsIn = header.colorType().channels();
        this.channelsOut = mode.channels();
        this.key = transparency.map(Transparency::key).orElse(new int[0]);
        this.clipGray = sixteenBit == SixteenBitRule.AS_PILLOW && header.colorType() == ColorType.GRAY;
        if (header.colorType() == ColorType.PALETTE) {
            this.table = paletteTable(structure.palette(), transparency);
        } else if (header.colorType() == ColorType.GRAY
                && (header.bitDepth() < 8 || header.bitDepth() == 8 && key.length > 0)) {
            this.table = grayTable();
        } else {
            this.table = new byte[0];
        }
    }

    /** The mode of the samples. */
    Mode mode() {
        return mode;
    }

    /** An index beyond the palette becomes gray of that value, as in Pillow 9.4. */
    private byte[] paletteTable(byte[] palette, Optional<Transparency> transparency) {
        byte[] pixels = new byte[256 * channelsOut];
        for (int entry = 0; entry < 256; entry++) {
            for (int c = 0; c < 3; c++) {
                int at = 3 * entry + c;
                pixels[entry * channelsOut + c] = at < palette.length ? palette[at] : (byte) entry;
            }
            if (transparency.isPresent()) {
                pixels[entry * channelsOut + 3] = (byte) transparency.get().alpha(entry);
            }
        }
        return pixels;
    }

    private byte[] grayTable() {
        int max = (1 << header.bitDepth()) - 1;
        byte[] pixels = new byte[256 * channelsOut];
        for (int value = 0; value <= max; value++) {
            pixels[value * channelsOut] = (byte) (value * 255 / max);
            if (key.length > 0) {
                pixels[value * channelsOut + 1] = (byte) (value == key[0] ? 0 : 255);
            }
        }
        return pixels;
    }

    /**
     * Writes the samples of a row.
     *
     * @param row a filter byte, then the row's bytes
     * @param pixels pixels in the row
     * @param samples takes the samples of the first pixel at {@code to}, each further one {@code stride} samples on
     */
    void unpack(byte[] row, int pixels, byte[] samples, int to, int stride) {
        if (table.length > 0) {
            lookUp(row, pixels, samples, to, stride);
        } else if (header.bitDepth() == 8 && key.length == 0) {
            copy(row, pixels, samples, to, stride);
        } else {
            reduce(row, pixels, samples, to, stride);
        }
    }

    private void lookUp(byte[] row, int pixels, byte[] samples, int to, int stride) {
        int depth = header.bitDepth();
        int mask = (1 << depth) - 1;
        for (int x = 0, at = to; x < pixels; x++, at += stride) {
            int bit = x * depth;
            int entry = row[1 + (bit >> 3)] >> (8 - depth - (bit & 7)) & mask;
            for (int c = 0; c < channelsOut; c++) {
                samples[at + c] = table[entry * channelsOut + c];
            }
        }
    }

    private void copy(byte[] row, int pixels, byte[] samples, int to, int stride) {
        if (stride == channelsOut) {
            System.arraycopy(row, 1, samples, to, pixels * channelsOut);
            return;
        }
        for (int x = 0, at = to; x < pixels; x++, at += stride) {
            System.arraycopy(row, 1 + x * channelsOut, samples, at, channelsOut);
        }
    }

    private void reduce(byte[] row, int pixels, byte[] samples, int to, int stride) {
        int[] pixel = new int[channelsIn];
        for (int x = 0, from = 1, at = to; x < pixels; x++, at += stride) {
            for (int c = 0; c < channelsIn; c++) {
                pixel[c] = row[from++] & 0xff;
                if (header.bitDepth() == 16) {
                    pixel[c] = pixel[c] << 8 | row[from++] & 0xff;
                }
                samples[at + c] = (byte) eightBit(pixel[c]);
            }
            if (key.length > 0) {
                samples[at + channelsIn] = (byte) (Arrays.equals(pixel, key) ? 0 : 255);
            }
        }
    }

    private int eightBit(int sample) {
        if (header.bitDepth() == 8) {
            return sample;
        }
        return clipGray ? Math.min(sample, 255) : sample >> 8;
    }
}
