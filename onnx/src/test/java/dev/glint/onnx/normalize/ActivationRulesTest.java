package dev.glint.onnx.normalize;

import static dev.glint.onnx.normalize.Rules.keeps;
import static dev.glint.onnx.normalize.Rules.leaves;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.testing.Graphs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Activations by their names. */
class ActivationRulesTest {

    @Test
    void hardSigmoidsAreCalledSo() {
        leaves(new SpellHardSigmoid(), List.of("HardSigmoid"), clipped().node("Div", "y", "c", "six"));
        leaves(
                new SpellHardSigmoid(),
                List.of("HardSigmoid"),
                clipped().constant("sixth", Tensor.scalar(1 / 6f)).node("Mul", "y", "c", "sixth"));
        keeps(new SpellHardSigmoid(), clipped().node("Div", "y", "c", "three"));
        keeps(new SpellHardSigmoid(), clipped().node("Div", "d", "c", "six").node("Add", "y", "c", "d"));
    }

    @Test
    void hardSwishesAreCalledSo() {
        leaves(
                new SpellHardSwish(),
                List.of("HardSwish"),
                clipped().node("Mul", "m", "x", "c").node("Div", "y", "m", "six"));
        leaves(
                new SpellHardSwish(),
                List.of("HardSwish"),
                clipped()
                        .constant("sixth", Tensor.scalar(1 / 6f))
                        .node("Mul", "m", "c", "x")
                        .node("Mul", "y", "m", "sixth"));
        Map<String, Attribute> standard = Map.of("alpha", Attribute.real(1 / 6f));
        leaves(
                new SpellHardSwish(),
                List.of("HardSwish"),
                new Graphs().node("HardSigmoid", "h", standard, "x").node("Mul", "y", "x", "h"));
        keeps(new SpellHardSwish(), new Graphs().node("HardSigmoid", "h", "x").node("Mul", "y", "x", "h"));
        keeps(
                new SpellHardSwish(),
                clipped()
                        .node("Neg", "other", "x")
                        .node("Mul", "m", "other", "c")
                        .node("Div", "y", "m", "six"));
    }

    /** {@code c = Clip(x + 3, 0, 6)}. */
    private static Graphs clipped() {
        return new Graphs()
                .constant("zero", Tensor.scalar(0))
                .constant("three", Tensor.scalar(3))
                .constant("six", Tensor.scalar(6))
                .node("Add", "a", "x", "three")
                .node("Clip", "c", "a", "zero", "six");
    }

    @Test
    void simplerOnesTakeTheirPlace() {
        leaves(
                new SimplerActivation(),
                List.of("Relu"),
                new Graphs().constant("zero", Tensor.scalar(0)).node("Clip", "y", "x", "zero"));
        leaves(
                new SimplerActivation(),
                List.of("Relu"),
                new Graphs().constant("zero", Tensor.scalar(0)).node("Max", "y", "x", "zero"));
        leaves(
                new SimplerActivation(),
                List.of("LeakyRelu"),
                new Graphs()
                        .constant("slope", Tensor.floats(List.of(2L, 1L, 1L), 0.25f, 0.25f))
                        .node("PRelu", "y", "x", "slope"));
        keeps(
                new SimplerActivation(),
                new Graphs()
                        .constant("slope", Tensor.floats(List.of(2L, 1L, 1L), 0.25f, 0.5f))
                        .node("PRelu", "y", "x", "slope"));
        keeps(
                new SimplerActivation(),
                new Graphs()
                        .constant("zero", Tensor.scalar(0))
                        .constant("six", Tensor.scalar(6))
                        .node("Clip", "y", "x", "zero", "six"));
    }

    @Test
    void clipsOfReluBeginAtZero() {
        leaves(new ClipOfRelu(), List.of("Clip"), bounds(-1, 1));
        leaves(new ClipOfRelu(), List.of("Clip"), bounds(0, 1));
        leaves(new ClipOfRelu(), List.of("Clip"), bounds(0.5f, 1));
        leaves(
                new ClipOfRelu(),
                List.of("Clip"),
                new Graphs()
                        .constant("high", Tensor.scalar(0.5f))
                        .node("Relu", "a", "x")
                        .node("Clip", "y", "a", "", "high"));
    }

    private static Graphs bounds(float low, float high) {
        return new Graphs()
                .constant("low", Tensor.scalar(low))
                .constant("high", Tensor.scalar(high))
                .node("Relu", "a", "x")
                .node("Clip", "y", "a", "low", "high");
    }
}
