package dev.glint.exporter.job;

import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The labels of a network: a line of UTF-8 text for each class, in the order of the logits.
 *
 * @param labels unique: where a line occurs more than once, as ImageNet's crane, the number of its class is behind it
 * @param repeated the lines that occur more than once
 */
public record LabelFile(List<String> labels, List<String> repeated) {
    private static final String LABELS = "a label a line, for each class in the order of the logits";
    private static final String BYTE_ORDER_MARK = "\ufeff";

    public LabelFile {
        labels = List.copyOf(labels);
        repeated = List.copyOf(repeated);
    }

    /**
     * Reads a file.
     *
     * @throws GlintException ({@code INPUT}) if it is no text, has fewer than two lines, or an empty one
     * @throws IOException if it cannot be read
     */
    public static LabelFile read(Path file) throws IOException {
        try {
            return parse(TextFile.read(file, Reason.INPUT, LABELS)
                    .replaceFirst("^" + BYTE_ORDER_MARK, "")
                    .lines()
                    .map(String::strip)
                    .toList());
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    /**
     * The labels.
     *
     * @param file where they were read
     * @param notes is told which lines occur more than once
     */
    public List<String> noteRepeated(Path file, Consumer<String> notes) {
        for (String label : repeated) {
            notes.accept(file + ": '" + label + "' is the label of several classes; each has its number behind it");
        }
        return labels;
    }

    private static LabelFile parse(List<String> lines) {
        if (lines.contains("")) {
            throw unexpected("an empty line " + (lines.indexOf("") + 1));
        }
        if (lines.size() < 2) {
            throw unexpected(lines.size() + " lines");
        }
        Map<String, Long> counts =
                lines.stream().collect(Collectors.groupingBy(line -> line, LinkedHashMap::new, Collectors.counting()));
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            labels.add(Objects.requireNonNull(counts.get(line)) == 1 ? line : line + " (" + i + ")");
        }
        if (labels.stream().distinct().count() != labels.size()) {
            throw unexpected("lines that look like numbered repetitions of others");
        }
        List<String> repeated = counts.entrySet().stream()
                .filter(line -> line.getValue() > 1)
                .map(Map.Entry::getKey)
                .toList();
        return new LabelFile(labels, repeated);
    }

    private static GlintException unexpected(String found) {
        return GlintException.failure(Reason.INPUT, found, LABELS, "correct the labels");
    }
}
