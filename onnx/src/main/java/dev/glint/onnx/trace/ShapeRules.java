package dev.glint.onnx.trace;

import ai.djl.ndarray.types.Shape;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.trace.Arguments.Axes;
import dev.glint.onnx.trace.Arguments.Axis;
import dev.glint.onnx.trace.Arguments.None;
import dev.glint.onnx.trace.Arguments.Operand;
import dev.glint.onnx.trace.Arguments.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What moves, joins, cuts or sums up elements. */
final class ShapeRules {
    record Span(int first, int last) {}

    record Parts(List<RecordedArray> others, int axis) {}

    record EqualSplit(long parts, int axis) {}

    record SplitAt(long[] positions, int axis) {}

    record Padding(Shape sides, double value) {}

    record Reduction(int[] axes, boolean keepDimensions) {}

    record Norm(int order, int[] axes, boolean keepDimensions) {}

    record Normalization(double order, long axis, double least) {}

    record Times(long[] repeats) {}

    private ShapeRules() {}

    static void addTo(RuleBook book) {
        book.add("reshape", Target.class, (call, target) -> reshape(call));
        book.add("flatten", None.class, (call, none) -> reshape(call));
        book.add("flatten", Span.class, (call, span) -> reshape(call));
        book.add("expandDims", Axis.class, (call, axis) -> reshape(call));
        book.add("squeeze", Axes.class, (call, axes) -> reshape(call));
        book.add(
                "transpose",
                None.class,
                (call, none) -> transpose(call, reversed(call.self().rank())));
        book.add("transpose", Axes.class, (call, axes) -> transpose(call, longs(axes.axes())));
        book.add("broadcast", Target.class, (call, target) -> broadcast(call));
        book.add("concat", Parts.class, ShapeRules::concat);
        book.add("stack", Parts.class, ShapeRules::stack);
        book.add("split", EqualSplit.class, (call, split) -> split(call, split.axis()));
        book.add("split", SplitAt.class, (call, split) -> split(call, split.axis()));
        book.add("get", SliceRule.Selection.class, SliceRule::record);
        book.add("pad", Padding.class, ShapeRules::pad);
        for (String product : List.of("matMul", "dot", "batchMatMul", "batchDot")) {
            book.add(product, Operand.class, ShapeRules::matMul);
        }
        for (String reduction : List.of("mean", "max", "min", "prod")) {
            String op = "Reduce" + Character.toUpperCase(reduction.charAt(0)) + reduction.substring(1);
            book.add(reduction, Reduction.class, (call, over) -> reduce(call, op, over));
        }
        book.add("sum", Reduction.class, ShapeRules::sum);
        book.add("norm", Norm.class, ShapeRules::norm);
        book.add("normalize", Normalization.class, ShapeRules::normalize);
        book.add("cumSum", Axis.class, ShapeRules::cumulate);
        book.add("flip", Axes.class, ShapeRules::flip);
        book.add("tile", Times.class, ShapeRules::tile);
    }

    /** To the shape that the engine found; {@link BatchMerge} sets the batch dimension free. */
    private static void reshape(Call call) {
        String input = call.value(call.self());
        long[] from = call.self().shape();
        long[] to = call.result().shape();
        if (Arrays.equals(from, to)) {
            call.result().bind(input);
        } else if (to.length == 2 && from.length > 1 && from[0] == to[0]) {
            call.define("Flatten", List.of(input), Map.of("axis", Attribute.integer(1)));
        } else {
            String name = call.recorder().nodeName("reshape");
            String shape = call.recorder().ownConstant(name + "_shape", Tensor.longs(to));
            call.result()
                    .bind(call.recorder()
                            .emit(name, "Reshape", List.of(input, shape), 1, Map.of())
                            .get(0));
        }
    }

    private static void transpose(Call call, long[] axes) {
        call.define("Transpose", List.of(call.value(call.self())), Map.of("perm", Call.ints(axes)));
    }

    private static long[] reversed(int rank) {
        return IntStream.range(0, rank).mapToLong(i -> rank - 1 - i).toArray();
    }

    /** A dimension that keeps its size is written as 1, which broadcasts to any size. */
    private static void broadcast(Call call) {
        long[] from = call.self().shape();
        long[] to = call.result().shape().clone();
        for (int i = 1; i <= from.length; i++) {
            if (from[from.length - i] == to[to.length - i]) {
                to[to.length - i] = 1;
            }
        }
        call.define("Expand", List.of(call.value(call.self()), call.recorder().constant(Tensor.longs(to))), Map.of());
    }

    private static void concat(Call call, Parts parts) {
        List<String> inputs = Stream.concat(Stream.of(call.self()), parts.others().stream())
                .map(call::operand)
                .toList();
        call.define("Concat", inputs, Map.of("axis", Attribute.integer(parts.axis())));
    }

    private static void stack(Call call, Parts parts) {
        int axis = Math.floorMod(parts.axis(), call.result().rank());
        String axes = call.recorder().constant(Tensor.longs(axis));
        List<String> inputs = Stream.concat(Stream.of(call.self()), parts.others().stream())
                .map(array -> call.emit("Unsqueeze", List.of(call.operand(array), axes), Map.of()))
                .toList();
        call.define("Concat", inputs, Map.of("axis", Attribute.integer(axis)));
    }

    private static void split(Call call, int fromEitherEnd) {
        int axis = Math.floorMod(fromEitherEnd, call.self().rank());
        if (call.results().size() == 1) {
            call.result().bind(call.value(call.self()));
            return;
        }
        long[] sizes =
                call.results().stream().mapToLong(part -> part.shape()[axis]).toArray();
        List<String> outputs = call.recorder()
                .emit(
                        "Split",
                        List.of(call.value(call.self()), call.recorder().constant(Tensor.longs(sizes))),
                        sizes.length,
                        Map.of("axis", Attribute.integer(axis)));
        for (int i = 0; i < sizes.length; i++) {
            call.results().get(i).bind(outputs.get(i));
        }
    }

    /** PyTorch lists (before, after) from the last dimension on; ONNX all befores, then all afters. */
    private static void pad(Call call, Padding pad) {
        long[] padding = pad.sides().getShape();
        int rank = call.self().rank();
        long[] pads = new long[2 * rank];
        for (int i = 0; i < padding.length / 2; i++) {
            pads[rank - 1 - i] = padding[2 * i];
            pads[2 * rank - 1 - i] = padding[2 * i + 1];
        }
        call.define(
                "Pad",
                List.of(
                        call.value(call.self()),
                        call.recorder().constant(Tensor.longs(pads)),
                        call.constant(pad.value())),
                Map.of());
    }

    private static void matMul(Call call, Operand operand) {
        call.define("MatMul", List.of(call.operand(call.self()), call.operand(operand.other())), Map.of());
    }

    private static void reduce(Call call, String op, Reduction over) {
        call.define(
                op,
                List.of(call.operand(call.self())),
                Map.of("axes", Call.ints(longs(over.axes())), "keepdims", keepDimensions(over)));
    }

    /** The one reduction whose axes are an input in operator set 17. */
    private static void sum(Call call, Reduction over) {
        String axes = call.recorder().constant(Tensor.longs(longs(over.axes())));
        call.define("ReduceSum", List.of(call.operand(call.self()), axes), Map.of("keepdims", keepDimensions(over)));
    }

    private static Attribute keepDimensions(Reduction over) {
        return Attribute.integer(over.keepDimensions() ? 1 : 0);
    }

    private static void norm(Call call, Norm norm) {
        if (norm.order() != 1 && norm.order() != 2) {
            throw call.unsupported("order " + norm.order());
        }
        reduce(call, "ReduceL" + norm.order(), new Reduction(norm.axes(), norm.keepDimensions()));
    }

    /** Divided by the norm along a dimension, or by the least that is allowed. */
    private static void normalize(Call call, Normalization asked) {
        if (asked.order() != 1 && asked.order() != 2) {
            throw call.unsupported("order " + asked.order());
        }
        String input = call.value(call.self());
        String norm = call.emit(
                "ReduceL" + (int) asked.order(),
                List.of(input),
                Map.of("axes", Call.ints(asked.axis()), "keepdims", Attribute.integer(1)));
        String divisor = call.emit("Max", List.of(norm, call.constant(asked.least())), Map.of());
        call.define("Div", List.of(input, divisor), Map.of());
    }

    private static void cumulate(Call call, Axis axis) {
        String along = call.recorder().constant(Tensor.longs(axis.axis()));
        String scalar = call.emit("Reshape", List.of(along, call.recorder().constant(Tensor.longs())), Map.of());
        call.define("CumSum", List.of(call.operand(call.self()), scalar), Map.of());
    }

    private static void flip(Call call, Axes axes) {
        int count = axes.axes().length;
        call.define(
                "Slice",
                List.of(
                        call.value(call.self()),
                        longs(call, count, -1),
                        longs(call, count, Long.MIN_VALUE),
                        call.recorder().constant(Tensor.longs(longs(axes.axes()))),
                        longs(call, count, -1)),
                Map.of());
    }

    private static String longs(Call call, int count, long value) {
        long[] values = new long[count];
        Arrays.fill(values, value);
        return call.recorder().constant(Tensor.longs(values));
    }

    private static void tile(Call call, Times times) {
        call.define(
                "Tile",
                List.of(call.value(call.self()), call.recorder().constant(Tensor.longs(times.repeats()))),
                Map.of());
    }

    private static long[] longs(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
