package dev.glint.exporter.job;

import dev.glint.runtime.contract.PreprocessContract;
import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.data.PictureSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Picture files in a folder per class, each named as its label; decoded whenever one is asked for. */
final class ClassFolders implements PictureSet {
    private record Labelled(Path file, int label) {}

    private final List<Labelled> pictures;
    private final DecodeOptions options;

    private ClassFolders(List<Labelled> pictures, DecodeOptions options) {
        this.pictures = pictures;
        this.options = options;
    }

    /**
     * Finds the pictures.
     *
     * @throws GlintException ({@code INPUT}) if the folder is missing, or holds no class folder or one that is no label
     */
    static ClassFolders open(Path folder, PreprocessContract contract) {
        List<Labelled> pictures = new ArrayList<>();
        for (Path ofClass : folders(folder)) {
            int label = contract.labels().indexOf(ofClass.getFileName().toString());
            if (label < 0) {
                throw GlintException.failure(
                                Reason.INPUT,
                                "a folder that is none of the model's labels",
                                "one of " + contract.labels(),
                                "name the folders as the labels")
                        .about(ofClass);
            }
            PictureFiles.list(ofClass).forEach(file -> pictures.add(new Labelled(file, label)));
        }
        return new ClassFolders(pictures, contract.decodeOptions());
    }

    private static List<Path> folders(Path folder) {
        List<Path> folders;
        try {
            folders = PictureFiles.classFolders(folder);
        } catch (IOException e) {
            throw noClasses("no readable folder", folder).causedBy(e);
        }
        if (folders.isEmpty()) {
            throw noClasses("no class folders", folder);
        }
        return folders;
    }

    private static GlintException noClasses(String found, Path folder) {
        return GlintException.failure(
                        Reason.INPUT,
                        found,
                        "a folder per class, named as its label",
                        "sort the pictures into such folders")
                .about(folder);
    }

    @Override
    public int size() {
        return pictures.size();
    }

    @Override
    public Image picture(int index) {
        return ImageDecoder.decode(pictures.get(index).file(), options);
    }

    @Override
    public int label(int index) {
        return pictures.get(index).label();
    }
}
