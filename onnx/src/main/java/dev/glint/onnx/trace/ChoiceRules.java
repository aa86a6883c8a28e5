package dev.glint.onnx.trace;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.SparseFormat;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.trace.Arguments.Axis;
import dev.glint.onnx.trace.Arguments.None;
import dev.glint.onnx.trace.Arguments.Operand;
import dev.glint.onnx.trace.Arguments.Scalar;
import java.util.List;
import java.util.Map;

/** Comparisons, and what chooses elements by them, by an index or by their size. */
final class ChoiceRules {
    record Choice(RecordedArray condition, RecordedArray otherwise) {}

    record Gathering(RecordedArray index, int axis) {}

    record Lookup(RecordedArray index, RecordedArray table, SparseFormat gradient) {}

    record Largest(int count, int axis, boolean largest, boolean sorted) {}

    record Order(int axis, boolean ascending) {}

    private ChoiceRules() {}

    static void addTo(RuleBook book) {
        comparison(book, "eq", "Equal", false);
        comparison(book, "neq", "Equal", true);
        comparison(book, "gt", "Greater", false);
        comparison(book, "gte", "GreaterOrEqual", false);
        comparison(book, "lt", "Less", false);
        comparison(book, "lte", "LessOrEqual", false);
        for (String op : List.of("And", "Or", "Xor")) {
            book.add(
                    "logical" + op,
                    Operand.class,
                    (call, operand) ->
                            call.define(op, List.of(truth(call, call.self()), truth(call, operand.other())), Map.of()));
        }
        book.add(
                "logicalNot",
                None.class,
                (call, none) -> call.define("Not", List.of(truth(call, call.self())), Map.of()));
        book.add("isNaN", None.class, (call, none) -> call.define("IsNaN", List.of(self(call)), Map.of()));
        book.add("isInfinite", None.class, (call, none) -> call.define("IsInf", List.of(self(call)), Map.of()));
        book.add(
                "where",
                Choice.class,
                (call, choice) -> call.define(
                        "Where",
                        List.of(
                                truth(call, choice.condition()),
                                call.operand(call.self()),
                                call.operand(choice.otherwise())),
                        Map.of()));
        book.add(
                "gather",
                Gathering.class,
                (call, gathering) -> call.define(
                        "GatherElements",
                        List.of(self(call), index(call, gathering.index())),
                        Map.of("axis", Attribute.integer(gathering.axis()))));
        book.add(
                "embedding",
                Lookup.class,
                (call, lookup) -> call.defineLayer(
                        "Gather",
                        lookup.table(),
                        List.of(call.value(lookup.table()), index(call, lookup.index())),
                        Map.of("axis", Attribute.integer(0))));
        book.add("argMax", Axis.class, (call, axis) -> extreme(call, "ArgMax", axis));
        book.add("argMin", Axis.class, (call, axis) -> extreme(call, "ArgMin", axis));
        book.add("topK", Largest.class, ChoiceRules::largest);
        book.add("argSort", Order.class, (call, order) -> {
            List<String> sorted = sorted(call, order.axis(), order.ascending());
            call.result().bind(sorted.get(1));
        });
        book.add(
                "sort",
                Axis.class,
                (call, axis) ->
                        call.result().bind(sorted(call, axis.axis(), true).get(0)));
        book.add(
                "sort",
                None.class,
                (call, none) -> call.result().bind(sorted(call, -1, true).get(0)));
    }

    /** What the engine compares in another type than the array's, such as an integer with 0.5, is compared in floats. */
    private static void comparison(RuleBook book, String method, String op, boolean negated) {
        book.add(method, Scalar.class, (call, scalar) -> {
            boolean whole = call.self().real().getDataType().isInteger()
                    && scalar.value().doubleValue() % 1 == 0;
            DataType type = call.self().real().getDataType().isFloating() || whole
                    ? call.self().real().getDataType()
                    : DataType.FLOAT32;
            Tensor number = Recorder.tensor(Recorder.scalar(call.self().real(), scalar.value(), type));
            compare(
                    call,
                    op,
                    negated,
                    call.converted(call.self(), type),
                    call.recorder().constant(number));
        });
        book.add(method, Operand.class, (call, operand) -> {
            DataType type = call.self().real().getDataType();
            compare(call, op, negated, self(call), call.converted(operand.other(), type));
        });
    }

    private static void compare(Call call, String op, boolean negated, String one, String other) {
        if (negated) {
            call.define("Not", List.of(call.emit(op, List.of(one, other), Map.of())), Map.of());
        } else {
            call.define(op, List.of(one, other), Map.of());
        }
    }

    private static String truth(Call call, RecordedArray array) {
        return call.converted(array, DataType.BOOLEAN);
    }

    private static String index(Call call, RecordedArray array) {
        return call.converted(array, DataType.INT64);
    }

    private static void extreme(Call call, String op, Axis axis) {
        call.define(
                op,
                List.of(self(call)),
                Map.of("axis", Attribute.integer(axis.axis()), "keepdims", Attribute.integer(0)));
    }

    private static void largest(Call call, Largest asked) {
        List<String> found = top(call, asked.count(), asked.axis(), asked.largest());
        call.results().get(0).bind(found.get(0));
        call.results().get(1).bind(found.get(1));
    }

    /** Values and indices in order; both engines leave the order of equal elements open. */
    private static List<String> sorted(Call call, int axis, boolean ascending) {
        long[] shape = call.self().shape();
        return top(call, shape[Math.floorMod(axis, shape.length)], axis, !ascending);
    }

    private static List<String> top(Call call, long count, int axis, boolean largest) {
        return call.recorder()
                .emit(
                        "TopK",
                        List.of(self(call), call.recorder().constant(Tensor.longs(count))),
                        2,
                        Map.of("axis", Attribute.integer(axis), "largest", Attribute.integer(largest ? 1 : 0)));
    }

    private static String self(Call call) {
        return call.value(call.self());
    }
}
