package dev.glint.trainer.data;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.runtime.Image;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads the binary version of CIFAR-10: files of 10,000 records, each a label byte and 3,072 samples, the red plane
 * before the green and the blue one, row by row.
 */
final class Cifar10 {
    static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final int RECORD = 1 + 3 * PLANE;
    private static final int CLASSES = 10;
    private static final String META = "batches.meta.txt";
    private static final String SUBFOLDER = "cifar-10-batches-bin";
    private static final String REMEDY = "unpack cifar-10-binary.tar.gz again";

    private Cifar10() {}

    static DataSplit read(Path folder) {
        Path files = locate(folder);
        List<String> labels = labels(files.resolve(META));
        List<Path> train = IntStream.rangeClosed(1, 5)
                .mapToObj(i -> files.resolve("data_batch_" + i + ".bin"))
                .toList();
        return new DataSplit(labels, pictures(train), pictures(List.of(files.resolve("test_batch.bin"))));
    }

    private static Path locate(Path folder) {
        for (Path candidate : List.of(folder, folder.resolve(SUBFOLDER))) {
            if (Files.isRegularFile(candidate.resolve(META))) {
                return candidate;
            }
        }
        throw GlintException.of(
                        Reason.INPUT,
                        Files.isDirectory(folder) ? "a folder without " + META : "no such folder",
                        "the binary version of CIFAR-10, in it or in its folder " + SUBFOLDER,
                        "unpack cifar-10-binary.tar.gz there or correct the path")
                .about(folder);
    }

    private static List<String> labels(Path file) {
        try {
            List<String> labels = Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (labels.size() != CLASSES || labels.stream().distinct().count() != CLASSES) {
                throw invalid(file, labels.size() + " class names", CLASSES + " different ones, a line each");
            }
            return labels;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static PictureSet pictures(List<Path> files) {
        long records = files.stream().mapToLong(Cifar10::records).sum();
        byte[] samples = new byte[Math.toIntExact(records * 3 * PLANE)];
        byte[] labels = new byte[Math.toIntExact(records)];
        int picture = 0;
        for (Path file : files) {
            byte[] content = content(file);
            for (int at = 0; at < content.length; at += RECORD, picture++) {
                int label = content[at] & 0xff;
                if (label >= CLASSES) {
                    throw invalid(file, "label " + label + " at byte " + at, "0 to " + (CLASSES - 1));
                }
                labels[picture] = (byte) label;
                interleave(content, at + 1, samples, picture * 3 * PLANE);
            }
        }
        return new PackedPictures(SIDE, SIDE, Image.Mode.RGB, samples, labels);
    }

    private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
        for (int i = 0; i < PLANE; i++) {
            pixels[to + 3 * i] = planes[from + i];
            pixels[to + 3 * i + 1] = planes[from + PLANE + i];
            pixels[to + 3 * i + 2] = planes[from + 2 * PLANE + i];
        }
    }

    private static long records(Path file) {
        try {
            long size = Files.size(file);
            // The official files hold 10,000 records each; smaller ones of the same form make good samples.
            if (size == 0 || size % RECORD != 0 || size > 10_000L * RECORD) {
                throw invalid(file, size + " bytes", "1 to 10,000 records of " + RECORD + " bytes");
            }
            return size / RECORD;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static byte[] content(Path file) {
        try {
            byte[] content = Files.readAllBytes(file);
            if (content.length % RECORD != 0) {
                throw invalid(file, content.length + " bytes", "records of " + RECORD + " bytes");
            }
            return content;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static GlintException invalid(Path file, String found, String expected) {
        return GlintException.of(Reason.INPUT, found, expected, REMEDY).about(file);
    }

    private static RuntimeException unreadable(Path file, IOException e) {
        return Files.exists(file)
                ? new UncheckedIOException(e)
                : invalid(file, "no such file", "a part of the binary version of CIFAR-10");
    }
}
