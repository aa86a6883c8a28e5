package dev.glint.trainer.data;

import dev.glint.runtime.file.Sha256;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tells divided pictures from others by what they are called, without reading them. */
public final class SplitDigest {
    private SplitDigest() {}

    /**
     * The SHA-256 of the names and classes of all pictures, part by part in their order: a picture more, less or under another
     * name may have moved others from one part to another. Files are named from the data set's folder on, which may be moved.
     *
     * @return in hexadecimal
     */
    public static String ofNames(DataSpec spec, DataSplit split) {
        String root =
                spec instanceof DataSpec.FolderSpec folder ? folder.folder().toString() : "";
        return Sha256.ofLines(split.parts().stream()
                .flatMap(part -> Stream.concat(
                        Stream.of(part.size() + " pictures"),
                        IntStream.range(0, part.size())
                                .mapToObj(i -> part.label(i) + " " + within(root, part.name(i))))));
    }

    private static String within(String root, String name) {
        return name.startsWith(root) ? name.substring(root.length()) : name;
    }
}
