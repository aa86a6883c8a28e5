package dev.glint.onnx.trace;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import ai.djl.ndarray.index.dim.NDIndexTake;
import ai.djl.ndarray.types.DataType;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Indexing by slices and fixed positions, of which the latter drop their dimension. */
final class SliceRule {
    record Selection(NDManager manager, NDIndex index) {}

    /** What is kept of one dimension; the end is not. */
    private record Slice(long axis, long start, long end, long step, boolean dropped) {}

    private SliceRule() {}

    static void record(Call call, Selection selection) {
        NDIndex index = selection.index();
        for (int i = 0; i < index.getRank(); i++) {
            if (index.get(i) instanceof NDIndexTake take) {
                take(call, index, i, take);
                return;
            }
        }
        List<Slice> slices = slices(call, selection.index());
        String value = call.value(call.self());
        if (!slices.isEmpty()) {
            List<String> inputs = List.of(
                    value,
                    constant(call, slices.stream().mapToLong(Slice::start).toArray()),
                    constant(call, slices.stream().mapToLong(Slice::end).toArray()),
                    constant(call, slices.stream().mapToLong(Slice::axis).toArray()),
                    constant(call, slices.stream().mapToLong(Slice::step).toArray()));
            value = call.emit("Slice", inputs, Map.of());
        }
        long[] dropped =
                slices.stream().filter(Slice::dropped).mapToLong(Slice::axis).toArray();
        if (dropped.length > 0) {
            value = call.emit("Squeeze", List.of(value, constant(call, dropped)), Map.of());
        }
        call.result().bind(value);
    }

    /** Rows, or what they are of another dimension, by their numbers. */
    private static void take(Call call, NDIndex index, int axis, NDIndexTake take) {
        for (int i = 0; i < index.getRank(); i++) {
            if (i != axis && !(index.get(i) instanceof NDIndexAll)) {
                throw call.unsupported("an index beside an array of indices");
            }
        }
        call.define(
                "Gather",
                List.of(call.value(call.self()), call.converted(Proxies.recorded(take.getIndex()), DataType.INT64)),
                Map.of("axis", Attribute.integer(axis)));
    }

    private static List<Slice> slices(Call call, NDIndex index) {
        long[] shape = call.self().shape();
        int ellipsis = index.getEllipsisIndex();
        List<Slice> slices = new ArrayList<>();
        for (int i = 0; i < index.getRank(); i++) {
            int axis = ellipsis >= 0 && i >= ellipsis ? shape.length - index.getRank() + i : i;
            NDIndexElement element = index.get(i);
            if (element instanceof NDIndexFixed fixed) {
                long position = Math.floorMod(fixed.getIndex(), shape[axis]);
                slices.add(new Slice(axis, position, position + 1, 1, true));
            } else if (element instanceof NDIndexSlice part) {
                slices.add(new Slice(
                        axis,
                        Objects.requireNonNullElse(part.getMin(), 0L),
                        Objects.requireNonNullElse(part.getMax(), Long.MAX_VALUE),
                        Objects.requireNonNullElse(part.getStep(), 1L),
                        false));
            } else if (!(element instanceof NDIndexAll)) {
                throw call.unsupported("index " + element.getClass().getSimpleName());
            }
        }
        return slices;
    }

    private static String constant(Call call, long... values) {
        return call.recorder().constant(Tensor.longs(values));
    }
}
