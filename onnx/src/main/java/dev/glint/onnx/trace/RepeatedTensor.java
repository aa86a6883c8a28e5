package dev.glint.onnx.trace;

import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A constant whose parts along one dimension are all the same, as many as there are pictures.
 *
 * @param part one of them; its size along the dimension is 1
 * @param axis the dimension
 */
record RepeatedTensor(Tensor part, int axis) {

    /** What two constants are that were made for two and for three pictures; empty if they are no such thing. */
    static Optional<RepeatedTensor> find(Tensor two, Tensor three) {
        int axis = differingAxis(two.shape(), three.shape());
        if (two.type() != three.type() || axis < 0) {
            return Optional.empty();
        }
        Optional<Tensor> part = part(two, axis);
        return part.isPresent() && part.equals(part(three, axis))
                ? Optional.of(new RepeatedTensor(part.get(), axis))
                : Optional.empty();
    }

    /** The only dimension in which shapes differ, if it is 2 in the one and 3 in the other; otherwise -1. */
    private static int differingAxis(List<Long> two, List<Long> three) {
        int axis = -1;
        if (two.size() != three.size()) {
            return axis;
        }
        for (int i = 0; i < two.size(); i++) {
            if (!two.get(i).equals(three.get(i))) {
                if (axis >= 0 || two.get(i) != 2 || three.get(i) != 3) {
                    return -1;
                }
                axis = i;
            }
        }
        return axis;
    }

    private static Optional<Tensor> part(Tensor whole, int axis) {
        List<Long> shape = whole.shape();
        int parts = (int) (long) shape.get(axis);
        int outer = 1;
        for (int i = 0; i < axis; i++) {
            outer *= (int) (long) shape.get(i);
        }
        byte[] data = whole.data();
        if (data.length == 0) {
            return Optional.empty();
        }
        int bytes = data.length / outer / parts;
        byte[] first = new byte[outer * bytes];
        for (int o = 0; o < outer; o++) {
            int begin = o * parts * bytes;
            System.arraycopy(data, begin, first, o * bytes, bytes);
            for (int p = 1; p < parts; p++) {
                int from = begin + p * bytes;
                if (!Arrays.equals(data, begin, begin + bytes, data, from, from + bytes)) {
                    return Optional.empty();
                }
            }
        }
        List<Long> one = new ArrayList<>(shape);
        one.set(axis, 1L);
        return Optional.of(new Tensor(whole.type(), one, first));
    }
}
