package dev.glint.exporter.trace;

import dev.glint.exporter.graph.Attribute;
import dev.glint.exporter.graph.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What moves, joins, cuts or sums up elements. */
final class ShapeRules {
    private ShapeRules() {}

    static void addTo(Map<String, Rule> rules) {
        rules.put("reshape(Shape)", ShapeRules::reshape);
        rules.put("flatten()", ShapeRules::reshape);
        rules.put("flatten(int, int)", ShapeRules::reshape);
        rules.put("expandDims(int)", ShapeRules::reshape);
        rules.put("squeeze(int[])", ShapeRules::reshape);
        rules.put("transpose()", call -> transpose(call, reversed(call.self().rank())));
        rules.put("transpose(int[])", call -> transpose(call, integers(call, 0)));
        rules.put("broadcast(Shape)", ShapeRules::broadcast);
        rules.put("concat(NDList, int)", ShapeRules::concat);
        rules.put("stack(NDList, int)", ShapeRules::stack);
        rules.put("split(long, int)", ShapeRules::split);
        rules.put("split(long[], int)", ShapeRules::split);
        rules.put("get(NDManager, NDIndex)", new SliceRule());
        rules.put("pad(Shape, double)", ShapeRules::pad);
        rules.put("matMul(NDArray)", ShapeRules::matMul);
        rules.put("dot(NDArray)", ShapeRules::matMul);
        rules.put("batchMatMul(NDArray)", ShapeRules::matMul);
        rules.put("batchDot(NDArray)", ShapeRules::matMul);
        for (String reduction : List.of("mean", "max", "min", "prod")) {
            String op = "Reduce" + Character.toUpperCase(reduction.charAt(0)) + reduction.substring(1);
            rules.put(reduction + "(int[], boolean)", call -> reduce(call, op));
        }
        rules.put("sum(int[], boolean)", ShapeRules::sum);
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
            String name = call.recorder().unique("reshape");
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

    private static void concat(Call call) {
        List<String> inputs = Stream.concat(Stream.of(call.self()), call.arrays(0).stream())
                .map(call::operand)
                .toList();
        call.define("Concat", inputs, Map.of("axis", Attribute.integer((long) call.integer(1))));
    }

    private static void stack(Call call) {
        int axis = Math.floorMod(call.integer(1), call.result().rank());
        String axes = call.recorder().constant(Tensor.longs(axis));
        List<String> inputs = Stream.concat(Stream.of(call.self()), call.arrays(0).stream())
                .map(array -> call.emit("Unsqueeze", List.of(call.operand(array), axes), Map.of()))
                .toList();
        call.define("Concat", inputs, Map.of("axis", Attribute.integer((long) axis)));
    }

    private static void split(Call call) {
        int axis = Math.floorMod(call.integer(1), call.self().rank());
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
                        Map.of("axis", Attribute.integer((long) axis)));
        for (int i = 0; i < sizes.length; i++) {
            call.results().get(i).bind(outputs.get(i));
        }
    }

    /** PyTorch lists (before, after) from the last dimension on; ONNX all befores, then all afters. */
    private static void pad(Call call) {
        long[] padding = call.shape(0);
        int rank = call.self().rank();
        long[] pads = new long[2 * rank];
        for (int i = 0; i < padding.length / 2; i++) {
            pads[rank - 1 - i] = padding[2 * i];
            pads[2 * rank - 1 - i] = padding[2 * i + 1];
        }
        call.define(
                "Pad",
                List.of(call.value(call.self()), call.recorder().constant(Tensor.longs(pads)), call.constant((Number)
                        Objects.requireNonNull(call.arguments()[1]))),
                Map.of());
    }

    private static void matMul(Call call) {
        call.define("MatMul", List.of(call.operand(call.self()), call.operand(call.arguments()[0])), Map.of());
    }

    private static void reduce(Call call, String op) {
        call.define(
                op,
                List.of(call.operand(call.self())),
                Map.of("axes", Call.ints(integers(call, 0)), "keepdims", keepDimensions(call)));
    }

    /** The one reduction whose axes are an input in operator set 17. */
    private static void sum(Call call) {
        String axes = call.recorder().constant(Tensor.longs(integers(call, 0)));
        call.define("ReduceSum", List.of(call.operand(call.self()), axes), Map.of("keepdims", keepDimensions(call)));
    }

    private static Attribute keepDimensions(Call call) {
        return Attribute.integer(call.flag(1) ? 1 : 0);
    }

    private static long[] integers(Call call, int argument) {
        int[] values = (int[]) Objects.requireNonNull(call.arguments()[argument]);
        return Arrays.stream(values).asLongStream().toArray();
    }
}
