package dev.glint.onnx.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** What Slice takes of each axis: {@code start}, {@code end} and {@code step} as NumPy has them. */
record Slices(List<Long> starts, List<Long> ends, List<Integer> axes, List<Long> steps) {
    private static final int STARTS = 1;
    private static final int ENDS = 2;
    private static final int AXES = 3;
    private static final int STEPS = 4;

    static Slices read(Operands operands, int rank) {
        List<Long> starts = operands.setting("starts", STARTS).orElseThrow(Slices::missing);
        List<Long> ends = operands.setting("ends", ENDS).orElseThrow(Slices::missing);
        List<Long> axes = operands.setting("axes", AXES)
                .orElseGet(() -> LongStream.range(0, starts.size()).boxed().toList());
        List<Long> steps = operands.has(STEPS) ? operands.numbers(STEPS) : Collections.nCopies(starts.size(), 1L);
        if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size()) {
            throw new IllegalArgumentException("sliced");
        }
        List<Integer> counted = new ArrayList<>();
        axes.forEach(axis -> counted.add(Operands.axis(axis, rank)));
        return new Slices(starts, ends, counted, steps);
    }

    private static IllegalArgumentException missing() {
        return new IllegalArgumentException("no starts or ends");
    }

    /** Whether all of an axis is taken as it is, whatever its size. */
    boolean isWhole(int index) {
        return starts.get(index) == 0 && ends.get(index) >= Integer.MAX_VALUE && steps.get(index) == 1;
    }

    long start(int index, long size) {
        long step = steps.get(index);
        return clamped(starts.get(index), size, 0, step < 0 ? size - 1 : size);
    }

    long count(int index, long size) {
        long step = steps.get(index);
        if (step == 0) {
            throw new IllegalArgumentException("a step of 0");
        }
        long start = start(index, size);
        long end = clamped(ends.get(index), size, step < 0 ? -1 : 0, size);
        long span = step > 0 ? end - start : start - end;
        return span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
    }

    private static long clamped(long index, long size, long least, long most) {
        long counted = index < 0 ? index + size : index;
        return Math.max(least, Math.min(most, counted));
    }
}
