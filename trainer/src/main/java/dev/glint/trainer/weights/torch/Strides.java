package dev.glint.trainer.weights.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Tensors as PyTorch has them in memory, with a distance from value to value for each dimension. */
final class Strides {
    private Strides() {}

    /**
     * A tensor's values row by row; a copy only if they do not lie so already.
     *
     * @param storage holds every value of the view
     * @param width bytes of a value
     */
    static ByteBuffer contiguous(ByteBuffer storage, int width, TorchValue.View view) {
        long count = view.shape().stream().reduce(1L, Math::multiplyExact);
        int size = Math.toIntExact(count * width);
        int offset = count == 0 ? 0 : Math.toIntExact(view.offset() * width);
        if (isRowMajor(view.shape(), view.strides()) || count == 0) {
            return storage.slice(offset, size);
        }
        ByteBuffer target = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        copy(storage, width, view, 0, view.offset(), target);
        return target.flip();
    }

    /** How many bytes {@link #contiguous} copies. */
    static long copied(int width, TorchValue.View view) {
        long count = view.shape().stream().reduce(1L, Math::multiplyExact);
        return isRowMajor(view.shape(), view.strides()) ? 0 : count * width;
    }

    private static boolean isRowMajor(List<Long> shape, List<Long> strides) {
        long expected = 1;
        for (int i = shape.size() - 1; i >= 0; i--) {
            if (shape.get(i) != 1 && strides.get(i) != expected) {
                return false;
            }
            expected *= shape.get(i);
        }
        return true;
    }

    private static void copy(
            ByteBuffer storage, int width, TorchValue.View view, int dimension, long from, ByteBuffer target) {
        if (dimension == view.shape().size()) {
            target.put(target.position(), storage, Math.toIntExact(from * width), width);
            target.position(target.position() + width);
            return;
        }
        for (long i = 0; i < view.shape().get(dimension); i++) {
            copy(storage, width, view, dimension + 1, from + i * view.strides().get(dimension), target);
        }
    }
}
