package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Tensor;
import java.util.Arrays;
import java.util.Optional;

/** Constants with a value for each channel of what they meet, or one for all. */
final class ChannelValues {
    private static final int CHANNEL_AXIS = 1;

    private ChannelValues() {}

    /**
     * The values.
     *
     * @param constant an operand that broadcasts
     * @param rank the number of dimensions of the other operand, (N, C, ...)
     * @param channels its C
     * @return empty if the constant has values for anything else
     */
    static Optional<float[]> read(Tensor constant, int rank, int channels) {
        int padding = rank - constant.shape().size();
        if (constant.type() != ElementType.FLOAT || padding < 0 || channels <= 0) {
            return Optional.empty();
        }
        float[] values = constant.toFloats();
        if (values.length == 1) {
            float[] all = new float[channels];
            Arrays.fill(all, values[0]);
            return Optional.of(all);
        }
        int axis = CHANNEL_AXIS - padding;
        boolean perChannel =
                values.length == channels && axis >= 0 && constant.shape().get(axis) == channels;
        return perChannel ? Optional.of(values) : Optional.empty();
    }
}
