package dev.glint.onnx.trace;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.trace.Arguments.None;
import dev.glint.onnx.trace.Arguments.Operand;
import dev.glint.onnx.trace.Arguments.Scalar;
import java.util.List;
import java.util.Map;

/** Arithmetic and activations: what treats every element alike. */
final class ElementwiseRules {
    record Slope(float alpha) {}

    record Bounds(Number min, Number max) {}

    record Dropout(RecordedArray input, float rate, boolean training) implements Rule.Mode {}

    record GradientScale(double scale) {}

    record DeviceCopy(Device device, boolean copy) {}

    record Conversion(DataType type, boolean copy) {}

    private ElementwiseRules() {}

    static void addTo(RuleBook book) {
        Map.of("add", "Add", "sub", "Sub", "mul", "Mul", "div", "Div", "pow", "Pow")
                .forEach((method, op) -> {
                    binary(book, method, op);
                    binary(book, method + "i", op);
                });
        binary(book, "maximum", "Max");
        binary(book, "minimum", "Min");
        for (String op : List.of(
                "Neg", "Abs", "Sqrt", "Floor", "Ceil", "Round", "Exp", "Log", "Sin", "Cos", "Tan", "Asin", "Acos",
                "Atan", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh", "Sign", "Erf", "Relu", "Sigmoid", "Selu")) {
            unary(book, Character.toLowerCase(op.charAt(0)) + op.substring(1), op);
        }
        unary(book, "negi", "Neg");
        unary(book, "signi", "Sign");
        unary(book, "softPlus", "Softplus");
        unary(book, "softSign", "Softsign");
        book.add("leakyRelu", Slope.class, (call, slope) -> activation(call, "LeakyRelu", slope));
        book.add("elu", Slope.class, (call, slope) -> activation(call, "Elu", slope));
        book.add("square", None.class, (call, none) -> call.define("Mul", List.of(self(call), self(call)), Map.of()));
        book.add("log2", None.class, (call, none) -> scaledLog(call, 1 / Math.log(2)));
        book.add("log10", None.class, (call, none) -> scaledLog(call, 1 / Math.log(10)));
        book.add("clip", Bounds.class, ElementwiseRules::clip);
        book.add("gelu", None.class, (call, none) -> gelu(call));
        identities(book);
    }

    private static void binary(RuleBook book, String method, String op) {
        book.add(
                method,
                Scalar.class,
                (call, scalar) ->
                        call.define(op, List.of(call.operand(call.self()), call.constant(scalar.value())), Map.of()));
        book.add(
                method,
                Operand.class,
                (call, operand) ->
                        call.define(op, List.of(call.operand(call.self()), call.operand(operand.other())), Map.of()));
    }

    private static void unary(RuleBook book, String method, String op) {
        book.add(method, None.class, (call, none) -> call.define(op, List.of(self(call)), Map.of()));
    }

    private static void identities(RuleBook book) {
        book.add("duplicate", None.class, (call, none) -> call.result().bind(self(call)));
        book.add("stopGradient", None.class, (call, none) -> call.result().bind(self(call)));
        book.add(
                "scaleGradient",
                GradientScale.class,
                (call, scale) -> call.result().bind(self(call)));
        book.add("toDevice", DeviceCopy.class, (call, copy) -> call.result().bind(self(call)));
        book.add("dropout", Dropout.class, (call, dropout) -> call.result().bind(call.value(dropout.input())));
        book.add("toType", Conversion.class, (call, conversion) -> {
            boolean same = call.self().real().getDataType() == conversion.type();
            call.result().bind(same ? self(call) : call.cast(self(call), conversion.type()));
        });
    }

    private static void activation(Call call, String op, Slope slope) {
        call.define(op, List.of(self(call)), Map.of("alpha", Attribute.real(slope.alpha())));
    }

    private static void scaledLog(Call call, double factor) {
        String log = call.emit("Log", List.of(self(call)), Map.of());
        call.define("Mul", List.of(log, call.constant(factor)), Map.of());
    }

    private static void clip(Call call, Bounds bounds) {
        call.define(
                "Clip",
                List.of(call.operand(call.self()), call.constant(bounds.min()), call.constant(bounds.max())),
                Map.of());
    }

    /** x / 2 (1 + erf(x / sqrt 2)): PyTorch's default; ONNX has it as one operator from operator set 20 on only. */
    private static void gelu(Call call) {
        String scaled = call.emit("Mul", List.of(self(call), call.constant(Math.sqrt(0.5))), Map.of());
        String erf = call.emit("Erf", List.of(scaled), Map.of());
        String sum = call.emit("Add", List.of(erf, call.constant(1)), Map.of());
        String product = call.emit("Mul", List.of(self(call), sum), Map.of());
        call.define("Mul", List.of(product, call.constant(0.5)), Map.of());
    }

    private static String self(Call call) {
        return call.value(call.self());
    }
}
