package dev.glint.onnx.testing;

import dev.glint.onnx.quantize.calibrate.TensorSource;
import java.nio.FloatBuffer;

/**
 * Pictures of which each is its own number throughout.
 *
 * @param size how many there are
 * @param shape C, H, W
 */
public record NumberedTensors(int size, long... shape) implements TensorSource {
    @Override
    public void put(int index, FloatBuffer target) {
        for (long i = 0; i < shape[0] * shape[1] * shape[2]; i++) {
            target.put(index);
        }
    }
}
