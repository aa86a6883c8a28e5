package dev.glint.runtime.evaluate;

import dev.glint.runtime.decode.ImageDecoder;
import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/**
 * Picture files, decoded whenever one is asked for.
 *
 * @param files with their classes
 */
public record PictureFileSet(List<LabelledFile> files) implements PictureSet {
    private static final int BUFFER = 1 << 16;

    /**
     * A file and its class.
     *
     * @param label from 0 on
     */
    public record LabelledFile(Path file, int label) {}

    public PictureFileSet {
        files = List.copyOf(files);
    }

    @Override
    public int size() {
        return files.size();
    }

    @Override
    public Image picture(int index) {
        return picture(index, DecodeOptions.defaults());
    }

    @Override
    public Image picture(int index, DecodeOptions options) {
        return ImageDecoder.decode(files.get(index).file(), options);
    }

    @Override
    public int label(int index) {
        return files.get(index).label();
    }

    @Override
    public String name(int index) {
        return files.get(index).file().toString();
    }

    @Override
    public void digest(int index, MessageDigest digest) {
        Path file = files.get(index).file();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(Reason.INPUT, file, "a picture", e);
        }
    }
}
