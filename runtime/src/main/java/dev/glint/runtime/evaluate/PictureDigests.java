package dev.glint.runtime.evaluate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
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
    public static String ofSet(PictureSet pictures) {
        MessageDigest whole = sha256();
        IntStream.range(0, pictures.size())
                .parallel()
                .mapToObj(index -> ofPicture(pictures, index) + " " + pictures.label(index) + "\n")
                .sorted()
                .forEachOrdered(line -> whole.update(line.getBytes(StandardCharsets.US_ASCII)));
        return HexFormat.of().formatHex(whole.digest());
    }

    /**
     * The digest of one picture, see {@link PictureSet#digest}.
     *
     * @return in hexadecimal
     */
    public static String ofPicture(PictureSet pictures, int index) {
        MessageDigest digest = sha256();
        pictures.digest(index, digest);
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * The pictures of a set that another set has, too, whatever their classes: those of a test set that a model has learned,
     * for instance. Found are files of the same bytes and other pictures of the same samples; not a picture that was encoded
     * anew.
     *
     * @return by their index in {@code pictures}, ascending, the index of the first such picture in {@code others}
     */
    public static SortedMap<Integer, Integer> shared(PictureSet pictures, PictureSet others) {
        Map<String, Integer> known = new HashMap<>();
        List<String> digests = all(others);
        for (int i = 0; i < digests.size(); i++) {
            known.putIfAbsent(digests.get(i), i);
        }
        SortedMap<Integer, Integer> shared = new TreeMap<>();
        digests = all(pictures);
        for (int i = 0; i < digests.size(); i++) {
            Integer other = known.get(digests.get(i));
            if (other != null) {
                shared.put(i, other);
            }
        }
        return shared;
    }

    private static List<String> all(PictureSet pictures) {
        return IntStream.range(0, pictures.size())
                .parallel()
                .mapToObj(index -> ofPicture(pictures, index))
                .toList();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
