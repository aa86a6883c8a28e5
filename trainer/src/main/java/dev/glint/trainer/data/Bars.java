package dev.glint.trainer.data;

import dev.glint.runtime.evaluate.PictureSet;
import dev.glint.runtime.image.Image;
import java.util.List;
import java.util.Random;

/**
 * The bar pictures: 12x12 gray, Gaussian noise of standard deviation 0.1, and one line raised by 1.0, a row in class 0,
 * a column in class 1. They are 8-bit pictures, so that what is fitted is what a PNG file can hold: the value v is stored
 * as {@code round((v + 0.5) * 127.5)}, clamped to 0 to 255, and the contract maps it back.
 */
final class Bars {
    static final int SIDE = 12;
    static final List<String> LABELS = List.of("horizontal", "vertical");
    private static final int TRAINING = 2_000;
    private static final int HELD_OUT = 400;

    private Bars() {}

    static DataSplit open(long seed) {
        return new DataSplit(
                LABELS,
                draw(TRAINING, RandomStream.TRAINING_PICTURES.open(seed, 0)),
                draw(HELD_OUT, RandomStream.HELD_OUT_PICTURES.open(seed, 0)));
    }

    private static PictureSet draw(int count, Random random) {
        byte[] samples = new byte[count * SIDE * SIDE];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            // Both classes in turn: the set is balanced, and the order is shuffled when it is fitted.
            labels[i] = (byte) (i % LABELS.size());
            boolean row = labels[i] == 0;
            int line = random.nextInt(SIDE);
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    double raised = (row ? y : x) == line ? 1.0 : 0.0;
                    samples[(i * SIDE + y) * SIDE + x] = quantize(0.1 * random.nextGaussian() + raised);
                }
            }
        }
        return new PackedPictures(SIDE, SIDE, Image.Mode.GRAY, samples, labels);
    }

    static byte quantize(double value) {
        return (byte) Math.max(0, Math.min(255, Math.round((value + 0.5) * 127.5)));
    }
}
