package dev.glint.classify.kernels;

import dev.glint.runtime.engine.glint.FeatureMap;
import dev.glint.runtime.engine.glint.Window;
import org.graalvm.word.Pointer;

/** The {@code struct glint_shape} of {@code kernels.h}. */
final class Shapes {
    static final int BYTES = 15 * Integer.BYTES;

    private Shapes() {}

    static void write(FeatureMap input, FeatureMap output, Window window, int groups, Pointer shape) {
        shape.writeInt(0, input.height());
        shape.writeInt(4, input.width());
        shape.writeInt(8, input.channels());
        shape.writeInt(12, output.height());
        shape.writeInt(16, output.width());
        shape.writeInt(20, output.channels());
        shape.writeInt(24, window.height());
        shape.writeInt(28, window.width());
        shape.writeInt(32, window.strideHeight());
        shape.writeInt(36, window.strideWidth());
        shape.writeInt(40, window.paddingTop());
        shape.writeInt(44, window.paddingLeft());
        shape.writeInt(48, window.dilationHeight());
        shape.writeInt(52, window.dilationWidth());
        shape.writeInt(56, groups);
    }
}
