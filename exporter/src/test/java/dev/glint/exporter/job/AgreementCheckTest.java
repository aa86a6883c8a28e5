package dev.glint.exporter.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.quantize.calibrate.CalibrationPictures;
import dev.glint.onnx.quantize.scheme.Range;
import dev.glint.runtime.image.Image;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgreementCheckTest {
    /** What the channels of a grey picture are normalized to: not the same, though the picture has no contents. */
    private static final Map<String, Range> RANGES = Map.of("input", new Range(-2.1f, -1.8f));

    @Test
    void colouredPicturesWithoutContentsWarn() {
        byte[] dark = {3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2};
        byte[] other = dark.clone();
        other[11]++;
        assertEquals(List.of("all calibration pictures are of a single colour each"), warnings(dark, dark));
        assertEquals(List.of(), warnings(dark, other));
    }

    @Test
    void picturesOfEveryKindAreChosen() {
        int[] chosen = AgreementCheck.chosen(400, 100);
        assertEquals(100, Arrays.stream(chosen).distinct().count());
        // The classes of the bars take turns.
        assertTrue(Arrays.stream(chosen).filter(i -> i % 2 == 0).count() > 30, () -> Arrays.toString(chosen));
        assertTrue(Arrays.stream(chosen).filter(i -> i % 2 == 1).count() > 30, () -> Arrays.toString(chosen));
        assertArrayEquals(IntStream.range(0, 7).toArray(), AgreementCheck.chosen(7, 7));
    }

    private static List<String> warnings(byte[]... contents) {
        List<String> warnings = new ArrayList<>();
        CalibrationPictures pictures = new CalibrationPictures(
                "test",
                IntStream.range(0, 40).toArray(),
                new int[0],
                i -> new Image(2, 2, Image.Mode.RGB, contents[i % contents.length]));
        AgreementCheck.warnOf(pictures, RANGES, new JobListener() {
            @Override
            public void step(String task, int done, int total) {}

            @Override
            public void warn(String warning) {
                warnings.add(warning);
            }
        });
        return warnings;
    }
}
