package dev.glint.trainer.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes small files in the form of MNIST: sample j of picture i is i + j, the label of picture i is i modulo 10. */
final class MnistFiles {
    private MnistFiles() {}

    static void write(Path folder, int train, int test, int width, int height, boolean gzip) throws IOException {
        Files.createDirectories(folder);
        for (String part : new String[] {"train", "t10k"}) {
            int count = part.equals("train") ? train : test;
            put(folder.resolve(part + "-images-idx3-ubyte"), pictures(count, width, height), gzip);
            put(folder.resolve(part + "-labels-idx1-ubyte"), labels(count), gzip);
        }
    }

    static byte[] pictures(int count, int width, int height) {
        ByteBuffer bytes = ByteBuffer.allocate(16 + count * width * height);
        bytes.putInt(2051).putInt(count).putInt(height).putInt(width);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < width * height; j++) {
                bytes.put((byte) (i + j));
            }
        }
        return bytes.array();
    }

    static byte[] labels(int count) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + count).putInt(2049).putInt(count);
        for (int i = 0; i < count; i++) {
            bytes.put((byte) (i % 10));
        }
        return bytes.array();
    }

    private static void put(Path file, byte[] content, boolean gzip) throws IOException {
        if (gzip) {
            Files.write(file.resolveSibling(file.getFileName() + ".gz"), gzip(content));
        } else {
            Files.write(file, content);
        }
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }
}
