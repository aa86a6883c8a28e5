package dev.glint.onnx.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.glint.runtime.contract.Preprocessor;
import dev.glint.runtime.image.Image;
import dev.glint.runtime.testing.TinyModel;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class KeptPixelsTest {
    private static final int PIXELS = TinyModel.SIZE * TinyModel.SIZE * 3;

    private final Preprocessor preprocessor = new Preprocessor(TinyModel.contract());
    private final AtomicInteger decoded = new AtomicInteger();
    private final IntFunction<Image> pictures = index -> {
        decoded.incrementAndGet();
        byte[] samples = new byte[20 * 10 * 3];
        new Random(index).nextBytes(samples);
        return new Image(20, 10, Image.Mode.RGB, samples);
    };

    @Test
    void aPictureIsDecodedOnce() {
        KeptPixels pixels = new KeptPixels(pictures, preprocessor);

        Image first = pixels.apply(3);
        Image second = pixels.apply(3);

        assertEquals(1, decoded.get());
        assertArrayEquals(preprocessor.toPixels(pictures.apply(3)).samples(), first.samples());
        assertArrayEquals(first.samples(), second.samples());
    }

    @Test
    void noMoreIsKeptThanThereIsRoomFor() {
        KeptPixels pixels = new KeptPixels(pictures, preprocessor, 2 * PIXELS);
        for (int round = 0; round < 2; round++) {
            for (int index = 0; index < 4; index++) {
                assertArrayEquals(
                        preprocessor.toPixels(pictures.apply(index)).samples(),
                        pixels.apply(index).samples());
            }
        }

        // Each is decoded for the comparison in either round; two are kept, two decoded twice.
        assertEquals(2 * 4 + 2 + 2 * 2, decoded.get());
    }

    @Test
    void tensorsAreThoseOfTheWholePreprocessing() {
        CalibrationPictures sample = CalibrationPictures.sample("test", 50, 40, 1, pictures);
        TensorSource tensors = sample.tensors(sample.pixels(preprocessor));
        for (int i = 0; i < tensors.size(); i++) {
            FloatBuffer expected = FloatBuffer.allocate(PIXELS);
            preprocessor.preprocess(pictures.apply(sample.indices()[i]), expected);
            FloatBuffer found = FloatBuffer.allocate(PIXELS);
            tensors.put(i, found);
            assertArrayEquals(expected.array(), found.array());
        }
    }
}
