package dev.glint.samples.spark;

import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.model.Classifier;
import dev.glint.runtime.testing.PngFile;
import dev.glint.runtime.testing.SyntheticPictures;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A folder of pictures, what a plain loop says of them, and what a job's rows say. */
record Pictures(Path folder) {

    /** Pictures in two folders, and two files that are none. */
    static Pictures write(Path folder, int count) throws IOException {
        Path below = Files.createDirectories(folder.resolve("below"));
        for (int i = 0; i < count; i++) {
            Image picture = SyntheticPictures.noise(5 + i % 7, 4 + i % 11, Image.Mode.RGB);
            Files.write((i % 2 == 0 ? folder : below).resolve("picture-" + i + ".png"), PngFile.of(picture));
        }
        byte[] whole = PngFile.of(SyntheticPictures.noise(40, 40, Image.Mode.RGB));
        Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(below.resolve("notes.txt"), "no picture");
        return new Pictures(folder);
    }

    /** A file beyond what a decoder takes; it holds nothing. */
    void addHugeFile() throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("huge.jpg").toFile(), "rw")) {
            file.setLength(DecodeLimits.defaults().encodedBytes() + 1L);
        }
    }

    /** By path: the label and its probability, or the error. */
    Map<String, String> byPlainLoop(Path model) throws IOException {
        Map<String, String> answers = new TreeMap<>();
        try (Classifier classifier = Classifier.open(model);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try {
                    var top = classifier.classify(file, 1).top();
                    answers.put(file.toString(), top.label() + " " + top.probability());
                } catch (GlintException e) {
                    answers.put(file.toString(), "error");
                }
            }
        }
        return answers;
    }

    /** The same of a job's rows; a row too many is an answer that differs. */
    static Map<String, String> byJob(Dataset<Row> rows) {
        List<Row> all = rows.collectAsList();
        return all.stream()
                .collect(Collectors.toMap(
                        row -> Path.of(URI.create(row.getString(0))).toString(),
                        row -> row.isNullAt(3) ? row.getString(1) + " " + row.getDouble(2) : "error",
                        (one, two) -> one + " and " + two,
                        TreeMap::new));
    }
}
