package dev.glint.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.decode.format.DecodeOptions;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.Hashes;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SharedData;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every photo, and every picture that came with a network, of {@code shared/data}, against what Pillow 9.4 made of it. */
class PhotosTest {
    /** See {@code record_photos.py}. */
    private static final List<String> RECORDED = Resources.lines("dev/glint/runtime/decode/pillow-photos.tsv");

    @Test
    void everyPhotoAsPillow() {
        SharedData.require("photos");
        SharedData.require("onnx");
        List<String> read = RECORDED.stream()
                .map(line -> line.split("\t")[0])
                .map(PhotosTest::describe)
                .toList();
        assertEquals(1_088, read.size());
        assertEquals(RECORDED, read);
    }

    private static String describe(String name) {
        Path file = SharedData.root().resolve(name);
        try {
            Image image = ImageDecoder.decode(file, DecodeOptions.defaults());
            return String.join("\t", name, "" + image.width(), "" + image.height(), Hashes.rgb(image));
        } catch (GlintException e) {
            return name + "\t" + e.getMessage();
        }
    }
}
