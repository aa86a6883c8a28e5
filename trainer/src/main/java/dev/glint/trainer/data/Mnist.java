package dev.glint.trainer.data;

import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import dev.glint.runtime.image.Image;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Reads MNIST and what is published in its form: idx files, plain or gzip, told by their content. An idx file of pictures
 * has the 32-bit big-endian numbers 2051, count, rows and columns, then the samples; one of labels has 2049 and the count,
 * then a byte per label.
 *
 * @see <a href="http://yann.lecun.com/exdb/mnist/">The format</a>
 */
final class Mnist {
    static final List<String> LABELS =
            IntStream.range(0, 10).mapToObj(Integer::toString).toList();

    private static final int PICTURES = 2051;
    private static final int CLASSES = 2049;
    private static final int MAX_SIDE = 1024;
    /** The largest set in this form that is published, EMNIST, has 814,255. */
    private static final int MAX_COUNT = 10_000_000;

    private static final String REMEDY = "download the file again";

    private Mnist() {}

    static DataSplit read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw GlintException.failure(
                            Reason.INPUT, "no such folder", "one with the idx files of MNIST", "correct the path")
                    .about(folder);
        }
        return new DataSplit(LABELS, part(folder, "train"), part(folder, "t10k"));
    }

    private static PictureSet part(Path folder, String name) {
        Path picturesFile = find(folder, name + "-images", "idx3-ubyte");
        Path labelsFile = find(folder, name + "-labels", "idx1-ubyte");
        byte[] labels = labels(labelsFile);
        return pictures(picturesFile, labels, labelsFile);
    }

    /** With a hyphen, as they are published, or with a dot, as some programs unpack them. */
    private static Path find(Path folder, String name, String type) {
        return Stream.of(name + "-" + type, name + "." + type)
                .flatMap(file -> Stream.of(file, file + ".gz"))
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> GlintException.failure(
                                Reason.INPUT,
                                "no such file",
                                "a part of MNIST, plain or with .gz behind its name",
                                "download it or correct the path")
                        .about(folder.resolve(name + "-" + type)));
    }

    private static byte[] labels(Path file) {
        try (DataInputStream in = open(file)) {
            requireKind(in, CLASSES, "labels");
            byte[] labels = content(in, requireCount(in.readInt()));
            for (int i = 0; i < labels.length; i++) {
                if ((labels[i] & 0xff) >= LABELS.size()) {
                    throw invalid("label " + (labels[i] & 0xff) + " of picture " + i, "0 to 9");
                }
            }
            return labels;
        } catch (IOException e) {
            throw damaged(e).about(file);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static PictureSet pictures(Path file, byte[] labels, Path labelsFile) {
        try (DataInputStream in = open(file)) {
            requireKind(in, PICTURES, "pictures");
            int count = requireCount(in.readInt());
            int height = in.readInt();
            int width = in.readInt();
            if (count != labels.length) {
                throw invalid(count + " pictures", labels.length + ", as many as " + labelsFile.getFileName() + " has");
            }
            long bytes = (long) count * height * width;
            if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || bytes > mostBytes()) {
                throw GlintException.failure(
                        Reason.LIMIT,
                        count + " pictures of " + width + "x" + height,
                        "at most %,d bytes of them with this heap, no side longer than %d"
                                .formatted(mostBytes(), MAX_SIDE),
                        "give Java a larger heap (-Xmx), or " + REMEDY + " if it should not have so many");
            }
            return new PackedPictures(width, height, Image.Mode.GRAY, content(in, (int) bytes), labels);
        } catch (IOException e) {
            throw damaged(e).about(file);
        } catch (GlintException e) {
            throw e.about(file);
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        InputStream plain = gzip ? new GZIPInputStream(in, 1 << 16) : in;
        return new DataInputStream(plain);
    }

    private static void requireKind(DataInputStream in, int magic, String what) throws IOException {
        int found = in.readInt();
        if (found != magic) {
            throw invalid("a file that begins with " + found, magic + ", an idx file of " + what);
        }
    }

    /** Reading takes twice as much for a while; a compressed file tells its true size only in the end. */
    private static long mostBytes() {
        return Math.min(Runtime.getRuntime().maxMemory() / 3, Integer.MAX_VALUE - 8);
    }

    private static int requireCount(int count) {
        if (count < 1 || count > MAX_COUNT) {
            throw invalid(count + " entries", "1 to %,d".formatted(MAX_COUNT));
        }
        return count;
    }

    /** Just as many bytes as announced; memory grows with what is there, not with what is announced. */
    private static byte[] content(DataInputStream in, int length) throws IOException {
        byte[] content = in.readNBytes(length);
        if (content.length != length) {
            throw invalid(content.length + " bytes of content", length + ", as its header says");
        }
        if (in.read() >= 0) {
            throw invalid("more than " + length + " bytes of content", "no more than its header says");
        }
        return content;
    }

    private static GlintException invalid(String found, String expected) {
        return GlintException.failure(Reason.INPUT, found, expected, REMEDY);
    }

    private static GlintException damaged(IOException e) {
        String found = e instanceof EOFException ? "a file that ends early" : "a damaged file (" + e.getMessage() + ")";
        return invalid(found, "a whole idx file").causedBy(e);
    }
}
