package dev.glint.runtime.evaluate;

import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.evaluate.PictureFileSet.LabelledFile;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Picture files in a folder per class, each named as its label; hidden folders and files are left out. */
public final class ClassFolders {
    private static final int SHOWN_LABELS = 10;
    /** What stands in a name for bytes that are no text. */
    private static final char UNREADABLE = '\uFFFD';

    private ClassFolders() {}

    /**
     * The names of the class folders, sorted: the labels of a model that learns from them.
     *
     * @throws GlintException ({@code INPUT}) if the folder is missing or unreadable, or naming one whose name is no text
     */
    public static List<String> labels(Path folder) {
        return folders(folder).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    /**
     * Finds the pictures, those of a class sorted by path; they are decoded when they are asked for.
     *
     * @param labels the classes, in the order of a model's logits; not all need a folder
     * @return at least one picture, labelled by the place of its folder's name in {@code labels}
     * @throws GlintException ({@code INPUT}) naming the folder that is missing or unreadable, holds no class folder, has no
     *     text for a name, is none of the labels, or holds no picture
     */
    public static PictureFileSet read(Path folder, List<String> labels) {
        List<Path> folders = folders(folder);
        if (folders.isEmpty()) {
            throw refused("no class folders", "sort the pictures into such folders", folder);
        }
        List<LabelledFile> pictures = new ArrayList<>();
        for (Path ofClass : folders) {
            int label = labels.indexOf(ofClass.getFileName().toString());
            if (label < 0) {
                throw GlintException.failure(
                                Reason.INPUT,
                                "a folder that is none of the model's labels",
                                "one of " + shown(labels),
                                "name the folders as the labels, or take this one away")
                        .about(ofClass);
            }
            PictureFiles.list(ofClass).forEach(file -> pictures.add(new LabelledFile(file, label)));
        }
        return new PictureFileSet(pictures);
    }

    private static List<Path> folders(Path folder) {
        try {
            List<Path> folders = PictureFiles.classFolders(folder);
            folders.forEach(ClassFolders::requireText);
            return folders;
        } catch (IOException e) {
            throw refused(Files.exists(folder) ? "no readable folder" : "no such folder", "check the path", folder)
                    .causedBy(e);
        }
    }

    /** Two names that are no text may look alike, and neither leads to its folder. */
    private static void requireText(Path folder) {
        String name = folder.getFileName().toString();
        if (name.indexOf(UNREADABLE) >= 0 && !isNamed(folder, name)) {
            throw refused("a name that is no text in this system's encoding", "rename it", folder);
        }
    }

    private static boolean isNamed(Path folder, String name) {
        try {
            return folder.resolveSibling(name).equals(folder);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static GlintException refused(String found, String remedy, Path folder) {
        return GlintException.failure(Reason.INPUT, found, "a folder per class, named as its label", remedy)
                .about(folder);
    }

    private static String shown(List<String> labels) {
        return String.join(", ", labels.subList(0, Math.min(SHOWN_LABELS, labels.size())))
                + (labels.size() > SHOWN_LABELS ? ", ..." : "");
    }
}
