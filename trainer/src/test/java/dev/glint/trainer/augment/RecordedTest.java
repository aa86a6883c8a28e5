package dev.glint.trainer.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.Hashes;
import dev.glint.runtime.testing.Resources;
import dev.glint.runtime.testing.SyntheticPictures;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against Pillow's results, which {@code src/test/scripts/record_augment.py} records. */
class RecordedTest {
    static List<String> lines() {
        return Resources.lines("dev/glint/trainer/augment/pillow.tsv");
    }

    @ParameterizedTest
    @MethodSource("lines")
    void equalsPillow(String line) {
        String[] fields = line.split("\t");
        Image.Mode mode = fields[3].equals("L") ? Image.Mode.GRAY : Image.Mode.RGB;
        Image image = SyntheticPictures.noise(Integer.parseInt(fields[1]), Integer.parseInt(fields[2]), mode);
        double value = Double.parseDouble(fields[4]);
        Image result = switch (fields[0]) {
            case "rotate" -> Rotation.rotate(image, value);
            case "brightness" -> Colors.brightness(image, (float) value);
            case "contrast" -> Colors.contrast(image, (float) value);
            case "saturation" -> Colors.saturation(image, (float) value);
            case "hue" -> Colors.hue(image, value);
            default -> throw new IllegalArgumentException(fields[0]);
        };
        assertEquals(fields[5], Hashes.of(result.samples()));
    }
}
