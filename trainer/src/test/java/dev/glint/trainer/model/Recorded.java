package dev.glint.trainer.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What {@code record_models.py} has recorded. */
final class Recorded {
    private Recorded() {}

    /** Logits of two pictures, one after the other. */
    record Logits(int side, int classes, float[] values) {}

    static List<String> lines(String resource) throws IOException {
        try (InputStream in = Objects.requireNonNull(Recorded.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    static Logits logits(String id) throws IOException {
        for (String line : lines("logits.tsv")) {
            String[] fields = line.split("\t");
            if (fields[0].equals(id)) {
                float[] values = new float[fields.length - 3];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.parseFloat(fields[i + 3]);
                }
                return new Logits(Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), values);
            }
        }
        throw new IllegalArgumentException(id);
    }
}
