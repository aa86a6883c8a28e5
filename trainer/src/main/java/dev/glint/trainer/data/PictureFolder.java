package dev.glint.trainer.data;

import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.FileFailure;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.file.AtomicFolder;
import dev.glint.runtime.image.Image;
import dev.glint.trainer.pickle.PickleVocabulary;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import javax.imageio.ImageIO;

/** Writes pictures as PNG files in a folder per class. */
public final class PictureFolder {
    private PictureFolder() {}

    /**
     * Writes a set of pictures, upright, each named by its number in the set; the folder appears with all of them or not at
     * all.
     *
     * @param folder new or empty
     * @param labels the folders' names, by class
     * @param progress is told after each picture how many are done
     * @throws GlintException ({@code INPUT}) if the folder has something in it, or a label is no name for a folder
     */
    public static void write(Path folder, PictureSet pictures, List<String> labels, IntConsumer progress)
            throws IOException {
        AtomicFolder.requireFree(folder, "name another one or remove it");
        labels.forEach(PictureFolder::requireFolderName);
        try (AtomicFolder building = AtomicFolder.begin(folder)) {
            ImageIO.setUseCache(false);
            for (String label : labels) {
                Files.createDirectory(building.staging().resolve(label));
            }
            for (int i = 0; i < pictures.size(); i++) {
                String name = String.format(Locale.ROOT, "%05d.png", i);
                Path file = building.staging()
                        .resolve(labels.get(pictures.label(i)))
                        .resolve(name);
                byte[] png = png(pictures.picture(i));
                try {
                    Files.write(file, png);
                } catch (IOException e) {
                    // A disk that is full does not say where.
                    FileSystemException named = new FileSystemException(folder.toString(), null, FileFailure.why(e));
                    named.initCause(e);
                    throw named;
                }
                progress.accept(i + 1);
            }
            building.publish();
        }
    }

    /** Labels come from files that may be someone else's: none must lead out of the folder. */
    private static void requireFolderName(String label) {
        if (!isFolderName(label)) {
            throw GlintException.failure(
                    Reason.INPUT,
                    "the class '" + PickleVocabulary.shown(label) + "'",
                    "a name that a folder can have",
                    "name the class otherwise");
        }
    }

    private static boolean isFolderName(String label) {
        try {
            Path path = Path.of(label);
            return path.getRoot() == null
                    && path.getNameCount() == 1
                    && path.toString().equals(label)
                    && !label.isBlank()
                    && !label.startsWith(".");
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static byte[] png(Image image) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(awt(image), "png", png);
        return png.toByteArray();
    }

    private static BufferedImage awt(Image image) {
        Image upright = image.upright();
        Image picture = upright.mode() == Image.Mode.GRAY_ALPHA ? colored(upright) : upright;
        BufferedImage result = new BufferedImage(picture.width(), picture.height(), awtType(picture.mode()));
        // Stored as they are: drawing would convert between AWT's idea of gray and sRGB. AWT has the channels reversed.
        byte[] to = ((DataBufferByte) result.getRaster().getDataBuffer()).getData();
        byte[] from = picture.samples();
        int channels = picture.mode().channels();
        for (int i = 0; i < from.length; i++) {
            int c = i % channels;
            to[i - c + channels - 1 - c] = from[i];
        }
        return result;
    }

    private static int awtType(Image.Mode mode) {
        return switch (mode) {
            case GRAY -> BufferedImage.TYPE_BYTE_GRAY;
            case RGB -> BufferedImage.TYPE_3BYTE_BGR;
            default -> BufferedImage.TYPE_4BYTE_ABGR;
        };
    }

    /** Gray with alpha, which AWT has no type for, as red, green, blue and alpha. */
    private static Image colored(Image image) {
        byte[] from = image.samples();
        byte[] to = new byte[from.length * 2];
        for (int i = 0; i < to.length; i++) {
            to[i] = from[i / 4 * 2 + (i % 4 == 3 ? 1 : 0)];
        }
        return new Image(image.width(), image.height(), Image.Mode.RGBA, to);
    }
}
