package dev.glint.runtime.evaluate;

import dev.glint.runtime.file.Sha256;
import java.util.stream.IntStream;

/** Tells pictures by their contents (SHA-256), whatever they are called. */
public final class PictureDigests {
    private PictureDigests() {}

    /**
     * What tells a set of labelled pictures from others: its pictures and their classes. Order and names do not count; a
     * picture that is there twice does.
     *
     * @return in hexadecimal
     */
    static String ofSet(PictureSet pictures) {
        return Sha256.ofLines(IntStream.range(0, pictures.size())
                .parallel()
                .mapToObj(index -> ofPicture(pictures, index) + " " + pictures.label(index))
                .sorted());
    }

    /**
     * The digest of one picture, see {@link PictureSet#digest}: the same for files of the same bytes and for other pictures of
     * the same samples, whatever their names and classes; another for a picture that was encoded anew.
     *
     * @return in hexadecimal
     */
    public static String ofPicture(PictureSet pictures, int index) {
        return Sha256.of(digest -> pictures.digest(index, digest));
    }
}
