package dev.glint.trainer.data;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Picture files, decoded whenever one is asked for.
 *
 * @param files with their classes
 */
record PictureFileSet(List<Labelled> files) implements PictureSet {
    /** A file and its class. */
    record Labelled(Path file, int label) {}

    PictureFileSet {
        files = List.copyOf(files);
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public Image picture(int index) {
        try {
            return decode(index);
        } catch (GlintException e) {
            throw e.withAlternative("leave it out with --skip-broken");
        }
    }

    private Image decode(int index) {
        return ImageDecoder.decode(files.get(index).file(), DecodeOptions.defaults());
    }

    /** Of the file, which is not decoded. */
    @Override
    public String digest(int index) {
        return ContentDigest.digest(files.get(index).file());
    }

    @Override
    public String name(int index) {
        return files.get(index).file().toString();
    }

    @Override
    public int label(int index) {
        return files.get(index).label();
    }

    /**
     * Without the files that cannot be decoded; each is decoded to find out.
     *
     * @param notes is told about each that is left out
     * @throws GlintException ({@code INPUT}) naming a class of which nothing is left
     */
    PictureFileSet readable(List<String> labels, Consumer<String> notes) {
        List<String> failures = IntStream.range(0, files.size())
                .parallel()
                .mapToObj(this::failure)
                .toList();
        List<Labelled> readable = IntStream.range(0, files.size())
                .filter(i -> failures.get(i).isEmpty())
                .mapToObj(files::get)
                .toList();
        failures.stream().filter(failure -> !failure.isEmpty()).forEach(failure -> notes.accept("skipped " + failure));
        for (int label = 0; label < labels.size(); label++) {
            int wanted = label;
            boolean had = files.stream().anyMatch(file -> file.label() == wanted);
            if (had && readable.stream().noneMatch(file -> file.label() == wanted)) {
                throw GlintException.failure(
                        Reason.INPUT,
                        "no readable picture of the class '" + labels.get(label) + "'",
                        "at least one",
                        "replace the broken files");
            }
        }
        return new PictureFileSet(readable);
    }

    /** Why a file cannot be decoded; empty if it can. */
    private String failure(int index) {
        try {
            decode(index);
            return "";
        } catch (GlintException e) {
            return e.getMessage();
        }
    }
}
