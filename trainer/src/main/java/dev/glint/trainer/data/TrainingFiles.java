package dev.glint.trainer.data;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.evaluate.PictureFileSet;
import dev.glint.runtime.evaluate.PictureFileSet.LabelledFile;
import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Picture files of which the broken ones may be left out. */
record TrainingFiles(PictureFileSet all) implements PictureSet {
    @Override
    public int size() {
        return all.size();
    }

    @Override
    public Image picture(int index) {
        return picture(index, DecodeOptions.defaults());
    }

    @Override
    public Image picture(int index, DecodeOptions options) {
        try {
            return all.picture(index, options);
        } catch (GlintException e) {
            throw e.withAlternative("leave it out with --skip-broken");
        }
    }

    @Override
    public int label(int index) {
        return all.label(index);
    }

    @Override
    public String name(int index) {
        return all.name(index);
    }

    @Override
    public void digest(int index, MessageDigest digest) {
        all.digest(index, digest);
    }

    /**
     * Without the files that cannot be decoded; each is decoded to find out.
     *
     * @param notes is told about each that is left out
     * @throws GlintException ({@code INPUT}) naming a class of which nothing is left
     */
    TrainingFiles readable(List<String> labels, Consumer<String> notes) {
        List<String> failures =
                IntStream.range(0, size()).parallel().mapToObj(this::failure).toList();
        List<LabelledFile> readable = IntStream.range(0, size())
                .filter(i -> failures.get(i).isEmpty())
                .mapToObj(all.files()::get)
                .toList();
        failures.stream().filter(failure -> !failure.isEmpty()).forEach(failure -> notes.accept("skipped " + failure));
        for (int label = 0; label < labels.size(); label++) {
            int wanted = label;
            boolean had = all.files().stream().anyMatch(file -> file.label() == wanted);
            if (had && readable.stream().noneMatch(file -> file.label() == wanted)) {
                throw GlintException.failure(
                        Reason.INPUT,
                        "no readable picture of the class '" + labels.get(label) + "'",
                        "at least one",
                        "replace the broken files");
            }
        }
        return new TrainingFiles(new PictureFileSet(readable));
    }

    /** Why a file cannot be decoded; empty if it can. */
    private String failure(int index) {
        try {
            all.picture(index);
            return "";
        } catch (GlintException e) {
            return e.getMessage();
        }
    }
}
