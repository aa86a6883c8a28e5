package dev.glint.onnx.shape;

import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Elements of constants, of whatever type, elsewhere. */
final class Movement {
    private Movement() {}

    static Tensor transpose(Tensor tensor, List<Long> shape, Optional<List<Long>> order) {
        long[] strides = strides(tensor.shape());
        long[] moved = new long[shape.size()];
        for (int i = 0; i < moved.length; i++) {
            int axis = moved.length - 1 - i;
            moved[i] = strides[order.isPresent() ? Operands.axis(order.get().get(i), moved.length) : axis];
        }
        return strided(tensor, shape, 0, moved);
    }

    static Tensor expand(Tensor tensor, List<Long> shape) {
        return strided(tensor, shape, 0, broadcastStrides(tensor.shape(), shape));
    }

    static Tensor slice(Tensor tensor, List<Long> shape, Slices slices) {
        long[] strides = strides(tensor.shape());
        long offset = 0;
        for (int i = 0; i < slices.axes().size(); i++) {
            int axis = slices.axes().get(i);
            offset += slices.start(i, tensor.shape().get(axis)) * strides[axis];
            strides[axis] *= slices.steps().get(i);
        }
        return strided(tensor, shape, offset, strides);
    }

    static Tensor concatenate(List<Tensor> tensors, List<Long> shape, int axis) {
        byte[] all = new byte[bytes(tensors.get(0), shape)];
        int rows = Math.toIntExact(product(shape.subList(0, axis)));
        int place = 0;
        for (int row = 0; row < rows; row++) {
            for (Tensor tensor : tensors) {
                int length = tensor.data().length / rows;
                System.arraycopy(tensor.data(), row * length, all, place, length);
                place += length;
            }
        }
        return new Tensor(tensors.get(0).type(), shape, all);
    }

    static Tensor gather(Tensor tensor, Tensor indices, List<Long> shape, int axis) {
        byte[] all = new byte[bytes(tensor, shape)];
        int rows = Math.toIntExact(product(tensor.shape().subList(0, axis)));
        int count = Math.toIntExact(tensor.shape().get(axis));
        int length = rows * count == 0 ? 0 : tensor.data().length / rows / count;
        long[] chosen = indices.toIntegers();
        int place = 0;
        for (int row = 0; row < rows; row++) {
            for (long index : chosen) {
                int from = (row * count + Operands.axis(index, count)) * length;
                System.arraycopy(tensor.data(), from, all, place, length);
                place += length;
            }
        }
        return new Tensor(tensor.type(), shape, all);
    }

    /** How far apart the elements are that follow each other in each dimension. */
    static long[] strides(List<Long> shape) {
        long[] strides = new long[shape.size()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.get(i);
        }
        return strides;
    }

    /** The same for a shape that is broadcast to another. */
    static long[] broadcastStrides(List<Long> shape, List<Long> target) {
        List<Long> padded = new ArrayList<>(Collections.nCopies(target.size() - shape.size(), 1L));
        padded.addAll(shape);
        long[] strides = strides(padded);
        for (int i = 0; i < strides.length; i++) {
            if (padded.get(i) == 1) {
                strides[i] = 0;
            }
        }
        return strides;
    }

    private static Tensor strided(Tensor tensor, List<Long> shape, long offset, long[] strides) {
        byte[] all = new byte[bytes(tensor, shape)];
        int length = tensor.type().bytes();
        Walk walk = new Walk(shape, offset, strides);
        for (int place = 0; place < all.length; place += length) {
            System.arraycopy(tensor.data(), Math.toIntExact(walk.next() * length), all, place, length);
        }
        return new Tensor(tensor.type(), shape, all);
    }

    private static int bytes(Tensor tensor, List<Long> shape) {
        return Math.toIntExact(
                Math.multiplyExact(product(shape), (long) tensor.type().bytes()));
    }

    static long product(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** The places of the elements of a shape, row by row. */
    static final class Walk {
        private final List<Long> shape;
        private final long[] strides;
        private final long[] index;
        private long place;

        Walk(List<Long> shape, long offset, long[] strides) {
            this.shape = shape;
            this.strides = strides;
            this.index = new long[strides.length];
            this.place = offset;
        }

        long next() {
            long current = place;
            for (int i = index.length - 1; i >= 0; i--) {
                index[i]++;
                place += strides[i];
                if (index[i] < shape.get(i)) {
                    break;
                }
                place -= index[i] * strides[i];
                index[i] = 0;
            }
            return current;
        }
    }
}
