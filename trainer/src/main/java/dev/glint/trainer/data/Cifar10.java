package dev.glint.trainer.data;

import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads CIFAR-10. The binary version has files of 10,000 records, each a label byte and 3,072 samples, the red plane before
 * the green and the blue one, row by row. The Python version has the same in pickles ({@link Cifar10Pickle}). Which one a
 * file is, its content tells.
 */
final class Cifar10 {
    private static final int SIDE = 32;
    private static final int PLANE = SIDE * SIDE;
    private static final int SAMPLES = 3 * PLANE;
    private static final int RECORD = 1 + SAMPLES;
    private static final int CLASSES = 10;
    private static final int MAX_RECORDS = 10_000;
    /** Of the Python version, with the names of the pictures. */
    private static final long MAX_BYTES = 40_000_000;

    private static final List<String> META = List.of("batches.meta.txt", "batches.meta");
    private static final List<String> SUBFOLDERS = List.of("cifar-10-batches-bin", "cifar-10-batches-py");
    private static final String REMEDY = "unpack cifar-10-binary.tar.gz or cifar-10-python.tar.gz again";

    private Cifar10() {}

    static DataSplit read(Path folder) {
        Path meta = locate(folder);
        List<String> labels = labels(meta);
        List<Path> train = IntStream.rangeClosed(1, 5)
                .mapToObj(i -> batch(meta, "data_batch_" + i))
                .toList();
        return new DataSplit(labels, pictures(train), pictures(List.of(batch(meta, "test_batch"))));
    }

    private static Path locate(Path folder) {
        List<Path> folders = new ArrayList<>(List.of(folder));
        SUBFOLDERS.forEach(name -> folders.add(folder.resolve(name)));
        return folders.stream()
                .flatMap(candidate -> META.stream().map(candidate::resolve))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> GlintException.failure(
                                Reason.INPUT,
                                Files.isDirectory(folder) ? "a folder without " + META.get(0) : "no such folder",
                                "the binary version of CIFAR-10 or the Python one, in it or in one of its folders "
                                        + String.join(", ", SUBFOLDERS),
                                "unpack cifar-10-binary.tar.gz or cifar-10-python.tar.gz there or correct the path")
                        .about(folder));
    }

    private static Path batch(Path meta, String name) {
        Path plain = meta.resolveSibling(name);
        return Files.isRegularFile(plain) ? plain : meta.resolveSibling(name + ".bin");
    }

    private static List<String> labels(Path file) {
        byte[] content = content(file);
        List<String> labels;
        try {
            labels = Cifar10Pickle.isPickle(content)
                    ? Cifar10Pickle.classNames(content)
                    : new String(content, StandardCharsets.UTF_8)
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .toList();
        } catch (GlintException e) {
            throw e.about(file);
        }
        if (labels.size() != CLASSES || labels.stream().distinct().count() != CLASSES) {
            throw invalid(file, labels.size() + " class names", CLASSES + " different ones");
        }
        return labels;
    }

    private static PictureSet pictures(List<Path> files) {
        // A record of either version takes more than its samples; the official files need neither array to be cut.
        int most = files.stream()
                .mapToInt(file -> (int) Math.min(MAX_RECORDS, size(file) / SAMPLES))
                .sum();
        byte[] samples = new byte[most * SAMPLES];
        byte[] labels = new byte[most];
        byte[] record = new byte[RECORD];
        int picture = 0;
        for (Path file : files) {
            try (InputStream records = records(file)) {
                for (int i = 0; records.readNBytes(record, 0, RECORD) == RECORD; i++, picture++) {
                    labels[picture] = label(record[0], i, file);
                    interleave(record, samples, picture * SAMPLES);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new PackedPictures(SIDE, SIDE, Image.Mode.RGB, cut(samples, picture * SAMPLES), cut(labels, picture));
    }

    private static byte[] cut(byte[] array, int length) {
        return array.length == length ? array : Arrays.copyOf(array, length);
    }

    private static void interleave(byte[] record, byte[] pixels, int to) {
        for (int i = 0; i < PLANE; i++) {
            pixels[to + 3 * i] = record[1 + i];
            pixels[to + 3 * i + 1] = record[1 + PLANE + i];
            pixels[to + 3 * i + 2] = record[1 + 2 * PLANE + i];
        }
    }

    private static byte label(byte label, int picture, Path file) {
        if ((label & 0xff) >= CLASSES) {
            throw invalid(file, "label " + (label & 0xff) + " of picture " + picture, "0 to " + (CLASSES - 1));
        }
        return label;
    }

    /** The records of a file of either version, one after the other. */
    private static InputStream records(Path file) throws IOException {
        if (!isPickle(file)) {
            requireRecords(size(file), file);
            return new BufferedInputStream(Files.newInputStream(file));
        }
        try {
            byte[] records = Cifar10Pickle.records(content(file), SAMPLES);
            requireRecords(records.length, file);
            return new ByteArrayInputStream(records);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static boolean isPickle(Path file) throws IOException {
        try (InputStream start = Files.newInputStream(file)) {
            return Cifar10Pickle.isPickle(start.readNBytes(1));
        }
    }

    /** The official files hold 10,000 records each; smaller ones of the same form make good samples. */
    private static void requireRecords(long bytes, Path file) {
        if (bytes == 0 || bytes % RECORD != 0 || bytes > MAX_RECORDS * RECORD) {
            throw invalid(file, bytes + " bytes", "1 to 10,000 records of " + RECORD + " bytes");
        }
    }

    private static byte[] content(Path file) {
        if (size(file) > MAX_BYTES) {
            throw invalid(file, size(file) + " bytes", "1 to 10,000 records of " + RECORD + " bytes");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            throw invalid(file, "no such file", "a part of CIFAR-10");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GlintException invalid(Path file, String found, String expected) {
        return GlintException.failure(Reason.INPUT, found, expected, REMEDY).about(file);
    }
}
