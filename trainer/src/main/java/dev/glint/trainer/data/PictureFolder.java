package dev.glint.trainer.data;

import dev.glint.runtime.GlintException;
import dev.glint.runtime.GlintException.Reason;
import dev.glint.runtime.Image;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Writes pictures as PNG files in a folder per class. */
public final class PictureFolder {
    private PictureFolder() {}

    /**
     * Writes a set of gray or RGB pictures, each named by its number in the set; the folder appears with all of them or
     * not at all.
     *
     * @param folder new or empty
     * @param labels the folders' names, by class
     * @param progress is told after each picture how many are done
     * @throws GlintException ({@code INPUT}) if the folder has something in it
     */
    public static void write(Path folder, PictureSet pictures, List<String> labels, IntConsumer progress)
            throws IOException {
        requireFree(folder);
        Path target = folder.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path building = Files.createTempDirectory(target.getParent(), "." + target.getFileName() + ".");
        try {
            ImageIO.setUseCache(false);
            for (String label : labels) {
                Files.createDirectory(building.resolve(label));
            }
            for (int i = 0; i < pictures.size(); i++) {
                String name = String.format(Locale.ROOT, "%05d.png", i);
                Path file = building.resolve(labels.get(pictures.label(i))).resolve(name);
                try (OutputStream out = Files.newOutputStream(file)) {
                    ImageIO.write(awt(pictures.picture(i)), "png", out);
                }
                progress.accept(i + 1);
            }
            Files.deleteIfExists(target);
            Files.move(building, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            deleteAll(building);
        }
    }

    private static void requireFree(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        boolean empty = false;
        if (Files.isDirectory(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                empty = entries.findAny().isEmpty();
            }
        }
        if (!empty) {
            throw GlintException.of(
                            Reason.INPUT,
                            "something already there",
                            "a new or an empty folder",
                            "name another one or remove it")
                    .about(folder);
        }
    }

    private static BufferedImage awt(Image image) {
        boolean gray = image.mode() == Image.Mode.GRAY;
        if (!gray && image.mode() != Image.Mode.RGB) {
            throw new IllegalArgumentException("mode " + image.mode());
        }
        BufferedImage result = new BufferedImage(
                image.width(), image.height(), gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        // Stored as they are: drawing would convert between AWT's idea of gray and sRGB.
        byte[] to = ((DataBufferByte) result.getRaster().getDataBuffer()).getData();
        byte[] from = image.samples();
        for (int i = 0; i < from.length; i++) {
            to[gray ? i : i + 2 - 2 * (i % 3)] = from[i];
        }
        return result;
    }

    private static void deleteAll(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.walk(folder)) {
                for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(entry);
                }
            }
        }
    }
}
