package dev.glint.runtime.evaluate;

import java.nio.file.Path;
import java.util.List;

/**
 * Labelled pictures that models are judged by.
 *
 * @param name what a report calls it
 * @param labels the names of the classes, in the order of the set's classes
 * @param pictures at least one
 */
public record TestSet(String name, List<String> labels, PictureSet pictures) {
    public TestSet {
        labels = List.copyOf(labels);
        if (pictures.size() < 1) {
            throw new IllegalArgumentException("test set " + name + " without pictures");
        }
    }

    /**
     * A folder per class, called by the folder's name.
     *
     * @param labels those of the model
     * @throws dev.glint.runtime.failure.GlintException ({@code INPUT}) as {@link ClassFolders#read}
     */
    public static TestSet fromFolder(Path folder, List<String> labels) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return new TestSet(name == null ? "/" : name.toString(), labels, ClassFolders.read(folder, labels));
    }

    /** The label of a picture. */
    public String label(int index) {
        return labels.get(pictures.label(index));
    }

    /** The SHA-256 of its pictures with their classes, in any order; see {@link PictureDigests#ofSet}. */
    public String sha256() {
        return PictureDigests.ofSet(pictures);
    }
}
