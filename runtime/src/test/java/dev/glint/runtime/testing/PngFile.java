package dev.glint.runtime.testing;

import dev.glint.runtime.image.Image;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes PNG files chunk by chunk, sound ones and others. */
public final class PngFile {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A file with nothing but the signature. */
    public PngFile() {
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    }

    /** The 8-bit PNG of a picture; its orientation is not written. */
    public static byte[] of(Image image) {
        int rowLength = image.width() * image.mode().channels();
        byte[] rows = new byte[image.height() * (1 + rowLength)];
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.samples(), y * rowLength, rows, y * (1 + rowLength) + 1, rowLength);
        }
        int colorType = switch (image.mode()) {
            case GRAY -> 0;
            case RGB -> 2;
            case GRAY_ALPHA -> 4;
            case RGBA -> 6;
        };
        return new PngFile()
                .header(image.width(), image.height(), 8, colorType, 0)
                .imageData(rows)
                .end();
    }

    /** Adds an IHDR chunk. */
    public PngFile header(int width, int height, int bitDepth, int colorType, int interlace) {
        byte[] data = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) bitDepth)
                .put((byte) colorType)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) interlace)
                .array();
        return chunk("IHDR", data);
    }

    /** Adds an IDAT chunk that unpacks to the given rows, each with its filter byte. */
    public PngFile imageData(byte[] rows) {
        return chunk("IDAT", deflate(rows));
    }

    /** Adds any chunk, with the right length and CRC. */
    public PngFile chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
        return this;
    }

    /** Adds bytes as they are. */
    public PngFile raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** The file so far. */
    public byte[] bytes() {
        return out.toByteArray();
    }

    /** The file with an IEND chunk at its end. */
    public byte[] end() {
        return chunk("IEND", new byte[0]).bytes();
    }

    /** A zlib stream. */
    public static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                packed.write(buffer, 0, deflater.deflate(buffer));
            }
            return packed.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
