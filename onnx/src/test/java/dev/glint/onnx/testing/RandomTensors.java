package dev.glint.onnx.testing;

import dev.glint.onnx.quantize.calibrate.TensorSource;
import java.nio.FloatBuffer;

/**
 * Standard normal noise in place of pictures.
 *
 * @param size how many there are
 * @param seed decides them
 * @param shape C, H, W
 */
public record RandomTensors(int size, long seed, long... shape) implements TensorSource {
    @Override
    public void put(int index, FloatBuffer target) {
        int count = (int) (shape[0] * shape[1] * shape[2]);
        target.put(RandomPictures.normal(count, seed * size + index));
    }
}
