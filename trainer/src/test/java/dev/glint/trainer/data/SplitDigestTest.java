package dev.glint.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.glint.runtime.evaluate.PictureFileSet;
import dev.glint.runtime.evaluate.PictureFileSet.LabelledFile;
import dev.glint.runtime.evaluate.PictureSet;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SplitDigestTest {
    private static final List<String> LABELS = List.of("cat", "dog");

    private static PictureSet files(String root, String... names) {
        return new PictureFileSet(Stream.of(names)
                .map(name -> new LabelledFile(Path.of(root, name), name.startsWith("cat") ? 0 : 1))
                .toList());
    }

    private static String digest(String root, PictureSet train, PictureSet heldOut) {
        return SplitDigest.ofNames(DataSpec.parse("folder:" + root), new DataSplit(LABELS, train, heldOut));
    }

    @Test
    void namesCountAndTheirPartsAndOrder() {
        PictureSet one = files("/data", "cat/1.png", "dog/1.png");
        PictureSet other = files("/data", "cat/2.png", "dog/2.png");
        String digest = digest("/data", one, other);
        assertEquals(digest, digest("/data", one, files("/data", "cat/2.png", "dog/2.png")));
        assertNotEquals(digest, digest("/data", other, one));
        assertNotEquals(digest, digest("/data", one, files("/data", "cat/2.png", "dog/3.png")));
        assertNotEquals(digest, digest("/data", one, files("/data", "dog/2.png", "cat/2.png")));
        assertNotEquals(digest, digest("/data", files("/data", "cat/1.png"), files("/data", "dog/1.png", "cat/2.png")));
    }

    @Test
    void picturesForTheEndCountToo() {
        PictureSet one = files("/data", "cat/1.png");
        PictureSet other = files("/data", "dog/1.png");
        DataSpec spec = DataSpec.parse("folder:/data");
        assertNotEquals(
                SplitDigest.ofNames(spec, new DataSplit(LABELS, one, other)),
                SplitDigest.ofNames(spec, new DataSplit(LABELS, one, other, files("/data", "cat/2.png"))));
    }

    @Test
    void theFolderMayMove() {
        assertEquals(
                digest("/data", files("/data", "cat/1.png"), files("/data", "dog/1.png")),
                digest("/mnt/disk", files("/mnt/disk", "cat/1.png"), files("/mnt/disk", "dog/1.png")));
    }
}
