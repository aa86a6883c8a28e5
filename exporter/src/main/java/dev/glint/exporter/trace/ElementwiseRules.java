package dev.glint.exporter.trace;

import ai.djl.ndarray.types.DataType;
import dev.glint.exporter.graph.Attribute;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Arithmetic and activations: what treats every element alike. */
final class ElementwiseRules {
    private ElementwiseRules() {}

    static void addTo(Map<String, Rule> rules) {
        binary(rules, "add", "Add");
        binary(rules, "sub", "Sub");
        binary(rules, "mul", "Mul");
        binary(rules, "div", "Div");
        binary(rules, "pow", "Pow");
        binary(rules, "maximum", "Max");
        binary(rules, "minimum", "Min");
        for (String inPlace : List.of("add", "sub", "mul", "div", "pow")) {
            rules.put(inPlace + "i(Number)", rules.get(inPlace + "(Number)"));
            rules.put(inPlace + "i(NDArray)", rules.get(inPlace + "(NDArray)"));
        }
        for (String same : List.of(
                "Neg", "Abs", "Sqrt", "Floor", "Ceil", "Round", "Exp", "Log", "Sin", "Cos", "Tan", "Asin", "Acos",
                "Atan", "Sinh", "Cosh", "Tanh", "Asinh", "Acosh", "Atanh", "Sign", "Erf", "Relu", "Sigmoid", "Selu")) {
            unary(rules, Character.toLowerCase(same.charAt(0)) + same.substring(1), same);
        }
        unary(rules, "negi", "Neg");
        unary(rules, "signi", "Sign");
        unary(rules, "softPlus", "Softplus");
        unary(rules, "softSign", "Softsign");
        rules.put("leakyRelu(float)", ElementwiseRules::withAlpha);
        rules.put("elu(float)", ElementwiseRules::withAlpha);
        rules.put("square()", call -> call.define("Mul", List.of(self(call), self(call)), Map.of()));
        rules.put("log2()", call -> scaledLog(call, 1 / Math.log(2)));
        rules.put("log10()", call -> scaledLog(call, 1 / Math.log(10)));
        rules.put("clip(Number, Number)", ElementwiseRules::clip);
        rules.put("gelu()", ElementwiseRules::gelu);
        rules.put("dropout(NDArray, float, boolean)", ElementwiseRules::dropout);
        identities(rules);
    }

    private static void binary(Map<String, Rule> rules, String name, String op) {
        Rule rule = call ->
                call.define(op, List.of(call.operand(call.self()), call.operand(call.arguments()[0])), Map.of());
        rules.put(name + "(Number)", rule);
        rules.put(name + "(NDArray)", rule);
    }

    private static void unary(Map<String, Rule> rules, String name, String op) {
        rules.put(name + "()", call -> call.define(op, List.of(self(call)), Map.of()));
    }

    private static void identities(Map<String, Rule> rules) {
        Rule identity = call -> call.result().bind(self(call));
        rules.put("duplicate()", identity);
        rules.put("stopGradient()", identity);
        rules.put("scaleGradient(double)", identity);
        rules.put("toDevice(Device, boolean)", identity);
        rules.put("toType(DataType, boolean)", call -> {
            DataType type = (DataType) Objects.requireNonNull(call.arguments()[0]);
            boolean same = call.self().real().getDataType() == type;
            call.result().bind(same ? self(call) : call.cast(self(call), type));
        });
    }

    private static void withAlpha(Call call) {
        String op = call.method().getName().equals("elu") ? "Elu" : "LeakyRelu";
        call.define(op, List.of(self(call)), Map.of("alpha", Attribute.real(call.real(0))));
    }

    private static void scaledLog(Call call, double factor) {
        String log = call.emit("Log", List.of(self(call)), Map.of());
        call.define("Mul", List.of(log, call.constant(factor)), Map.of());
    }

    private static void clip(Call call) {
        Number min = (Number) Objects.requireNonNull(call.arguments()[0]);
        Number max = (Number) Objects.requireNonNull(call.arguments()[1]);
        call.define("Clip", List.of(call.operand(call.self()), call.constant(min), call.constant(max)), Map.of());
    }

    /** x / 2 (1 + erf(x / sqrt 2)): PyTorch's default; ONNX has it as one operator from operator set 20 on only. */
    private static void gelu(Call call) {
        String scaled = call.emit("Mul", List.of(self(call), call.constant(Math.sqrt(0.5))), Map.of());
        String erf = call.emit("Erf", List.of(scaled), Map.of());
        String sum = call.emit("Add", List.of(erf, call.constant(1)), Map.of());
        String product = call.emit("Mul", List.of(self(call), sum), Map.of());
        call.define("Mul", List.of(product, call.constant(0.5)), Map.of());
    }

    private static void dropout(Call call) {
        if (call.flag(2)) {
            throw call.unsupported("in training mode");
        }
        call.result().bind(call.value(call.array(0)));
    }

    private static String self(Call call) {
        return call.value(call.self());
    }
}
