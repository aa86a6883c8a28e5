package dev.glint.classify;

import dev.glint.console.Streams;
import dev.glint.console.Text;
import dev.glint.runtime.decode.EncodedPicture;
import dev.glint.runtime.decode.FolderContents;
import dev.glint.runtime.decode.PictureFiles;
import dev.glint.runtime.decode.format.DecodeLimits;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A picture that was asked for: something that can be read, or the reason why it cannot. */
sealed interface Picture {

    /** How the user named it, or its path below the folder that was named. */
    String name();

    /**
     * Reads it; a pipe or standard input can be read once.
     *
     * @throws GlintException naming it ({@code INPUT}, {@code LIMIT})
     */
    EncodedPicture read(DecodeLimits limits);

    /**
     * Reads and decodes it.
     *
     * @throws GlintException naming it ({@code INPUT}, {@code LIMIT})
     */
    default Image decode(DecodeOptions options) {
        return read(options.limits()).decode(options);
    }

    /** A file, existing or not. */
    record InFile(Path file) implements Picture {
        @Override
        public String name() {
            return file.toString();
        }

        @Override
        public EncodedPicture read(DecodeLimits limits) {
            return EncodedPicture.read(file, limits);
        }
    }

    /** Standard input. */
    record OnStandardInput(InputStream in) implements Picture {
        @Override
        public String name() {
            return STANDARD_INPUT;
        }

        @Override
        public EncodedPicture read(DecodeLimits limits) {
            return EncodedPicture.read(in, "standard input", limits);
        }
    }

    /** A folder that holds no picture, or cannot be read. */
    record Missing(String name, GlintException failure) implements Picture {
        @Override
        public EncodedPicture read(DecodeLimits limits) {
            throw failure;
        }
    }

    /** What stands for standard input among the arguments. */
    String STANDARD_INPUT = "-";

    /**
     * The pictures that the arguments of a command name, in order, folders opened up; what cannot be read in a folder comes
     * behind its pictures. A line on standard error counts the pictures of a folder whose formats are not read.
     */
    static List<Picture> find(List<String> arguments, Streams streams) {
        List<Picture> pictures = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(STANDARD_INPUT)) {
                pictures.add(new OnStandardInput(streams.in()));
                continue;
            }
            if (argument.isEmpty()) {
                throw GlintException.failure(
                        Reason.USAGE,
                        "an empty name",
                        "a picture, a folder or -",
                        "leave it out, or write . for this folder");
            }
            Path path = Path.of(argument);
            if (Files.isDirectory(path)) {
                pictures.addAll(inFolder(path, streams));
            } else {
                pictures.add(new InFile(path));
            }
        }
        return pictures;
    }

    private static List<Picture> inFolder(Path folder, Streams streams) {
        List<Picture> pictures = new ArrayList<>();
        try {
            FolderContents contents = PictureFiles.search(folder);
            contents.pictures().forEach(file -> pictures.add(new InFile(file)));
            contents.problems()
                    .forEach(problem ->
                            pictures.add(new Missing(problem.subject().orElseThrow(), problem)));
            if (pictures.isEmpty()) {
                PictureFiles.requirePictures(folder, contents);
            }
            contents.unreadPictures()
                    .ifPresent(clause -> streams.err().println("note: " + Text.printable(folder + ": " + clause)));
        } catch (GlintException e) {
            pictures.add(new Missing(folder.toString(), e));
        }
        return pictures;
    }
}
