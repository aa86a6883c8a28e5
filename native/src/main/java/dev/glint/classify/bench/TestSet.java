package dev.glint.classify.bench;

import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Labelled pictures: a folder per class, named as its label.
 *
 * @param pictures at least one
 */
record TestSet(List<LabelledPicture> pictures) {

    /** A picture and what is on it. */
    record LabelledPicture(Path file, String label) {}

    /**
     * Finds the pictures.
     *
     * @param labels those of the model
     * @throws GlintException ({@code INPUT}) if the folder is missing, holds no class folder or one that is no label,
     *     or a class folder holds no picture
     */
    static TestSet in(Path folder, List<String> labels) {
        List<Path> classes;
        try {
            classes = PictureFiles.classFolders(folder);
        } catch (IOException e) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no readable folder",
                            "a folder per class, named as its label",
                            "check --data")
                    .causedBy(e)
                    .about(folder);
        }
        List<LabelledPicture> pictures = new ArrayList<>();
        for (Path ofClass : classes) {
            String label = ofClass.getFileName().toString();
            if (!labels.contains(label)) {
                throw GlintException.failure(
                                Reason.INPUT,
                                "a folder that is none of the model's labels",
                                "one of " + String.join(", ", labels.subList(0, Math.min(10, labels.size())))
                                        + (labels.size() > 10 ? ", ..." : ""),
                                "name the folders as the labels that classify info prints")
                        .about(ofClass);
            }
            PictureFiles.list(ofClass).forEach(file -> pictures.add(new LabelledPicture(file, label)));
        }
        if (pictures.isEmpty()) {
            throw GlintException.failure(
                            Reason.INPUT,
                            "no class folders",
                            "a folder per class, named as its label",
                            "sort the pictures into such folders")
                    .about(folder);
        }
        return new TestSet(pictures);
    }
}
