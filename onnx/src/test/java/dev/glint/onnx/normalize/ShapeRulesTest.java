package dev.glint.onnx.normalize;

import static dev.glint.onnx.normalize.Rules.keeps;
import static dev.glint.onnx.normalize.Rules.leaves;
import static dev.glint.onnx.normalize.Rules.longs;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.testing.Graphs;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Constants, shapes, and steps that only move elements. */
class ShapeRulesTest {

    @Test
    void constantNodesBecomeInitializers() {
        Map<String, Attribute> value =
                Map.of("value", new Attribute.Constant(Tensor.floats(List.of(2L, 1L, 1L), 1, 2)));
        Graph graph = leaves(
                new ConstantsToInitializers(),
                List.of("Mul"),
                new Graphs().node("Constant", "c", value).node("Mul", "y", "x", "c"));
        assertEquals(List.of("c"), List.copyOf(graph.initializers().keySet()));
        leaves(
                new ConstantsToInitializers(),
                List.of("Mul"),
                new Graphs()
                        .node("Constant", "c", Map.of("value_float", Attribute.real(3)))
                        .node("Mul", "y", "x", "c"));
        leaves(
                new ConstantsToInitializers(),
                List.of("Mul"),
                new Graphs()
                        .node(
                                "Constant",
                                "c",
                                Map.of("value_floats", new Attribute.Reals(List.of(1f, 2f, 3f, 4f, 5f, 6f))))
                        .node("Mul", "y", "x", "c"));
        leaves(
                new ConstantsToInitializers(),
                List.of("Reshape"),
                new Graphs()
                        .node("Constant", "c", Map.of("value_ints", longs(0, 12, -1)))
                        .node("Reshape", "y", "x", "c"));
    }

    @Test
    void whatDependsOnConstantsOnlyIsComputed() {
        Map<String, Attribute> ones = Map.of("value", new Attribute.Constant(Tensor.floats(List.of(1L), 1.5f)));
        leaves(
                new FoldConstants(),
                List.of("Add", "Mul"),
                new Graphs()
                        .floats("w", 2, 3, 12)
                        .constant("shape", Tensor.longs(2, 6, 6))
                        .constant("axis", Tensor.longs(1))
                        .constant("from", Tensor.longs(-1, 0))
                        .constant("to", Tensor.longs(-100, 2))
                        .constant("which", Tensor.longs(0, 1))
                        .constant("steps", Tensor.longs(-1, 1))
                        .constant("chosen", Tensor.longs(1, -2))
                        .constant("wide", Tensor.longs(2, 2, 6, 6))
                        .constant("count", Tensor.longs(2, 1))
                        .node("Reshape", "a", "w", "shape")
                        .node("Transpose", "b", Map.of("perm", longs(0, 2, 1)), "a")
                        .node("Slice", "c", "b", "from", "to", "which", "steps")
                        .node("Neg", "d", "c")
                        .node("Gather", "e", Map.of("axis", Attribute.integer(1)), "d", "chosen")
                        .node("Concat", "f", Map.of("axis", Attribute.integer(1)), "e", "e", "e")
                        .node("Abs", "g", "f")
                        .node("Sqrt", "h", "g")
                        .node("ConstantOfShape", "i", ones, "count")
                        .node("Unsqueeze", "j", "i", "axis")
                        .node("Div", "k", "h", "j")
                        .node("Exp", "l", "k")
                        .node("Cast", "m", Map.of("to", Attribute.integer(7)), "l")
                        .node("Cast", "n", Map.of("to", Attribute.integer(1)), "m")
                        .node("Add", "o", "x", "l")
                        .node("Mul", "y", "o", "n"));
        keeps(new FoldConstants(), new Graphs().constant("c", Tensor.scalar(1)).node("Add", "y", "x", "c"));
    }

    @Test
    void hugeConstantsAreRefusedBeforeTheyAreMade() {
        Graph bomb = new Graphs()
                .constant("shape", Tensor.longs(1L << 20, 1L << 20))
                .node("ConstantOfShape", "c", "shape")
                .node("Relu", "y", "c")
                .build();
        GlintException refused = assertThrows(GlintException.class, () -> leaves(new FoldConstants(), List.of(), bomb));
        assertEquals(Reason.LIMIT, refused.reason());
        assertTrue(
                String.valueOf(refused.getMessage()).contains("constants of 4398046511104 bytes on top of others"),
                refused::getMessage);
    }

    @Test
    void constantsOfNegativeSizeAreLeftToWhoeverRunsThem() {
        keeps(
                new FoldConstants(),
                new Graphs().constant("shape", Tensor.longs(-3, 4)).node("ConstantOfShape", "y", "shape"));
    }

    @Test
    void weightsThatManyShareAreNotCopiedForEach() {
        Graphs graph = new Graphs()
                .node("Flatten", "f", "x")
                .constant("w", Tensor.floats(List.of(72L, 20_000L), new float[1_440_000]));
        for (int i = 0; i < 20; i++) {
            graph.node("MatMul", "m" + i, "f", "w");
        }
        GlintException refused = assertThrows(
                GlintException.class,
                () -> leaves(
                        new LinearForm(),
                        List.of(),
                        graph.node("Relu", "y", "f").build()));
        assertEquals(Reason.LIMIT, refused.reason());
    }

    @Test
    void sizesOfPicturesAreConstantsButTheirNumberIsNot() {
        leaves(
                new FoldShapes(),
                List.of("Expand"),
                new Graphs()
                        .node("Shape", "s", "x")
                        .constant("from", Tensor.longs(2))
                        .constant("to", Tensor.longs(4))
                        .node("Slice", "sizes", "s", "from", "to")
                        .node("Expand", "y", "x", "sizes"));
        keeps(new FoldShapes(), new Graphs().node("Shape", "s", "x").node("Reshape", "y", "x", "s"));
    }

    @Test
    void chainsThatOnlySayTheBatchBecomeFlatten() {
        leaves(
                new ConstantReshape(),
                List.of("Flatten"),
                new Graphs()
                        .constant("zero", Tensor.longs(0).withShape(List.of()))
                        .constant("axis", Tensor.longs(0))
                        .constant("rest", Tensor.longs(-1))
                        .node("Shape", "s", "x")
                        .node("Gather", "n", "s", "zero")
                        .node("Unsqueeze", "u", "n", "axis")
                        .node("Concat", "t", Map.of("axis", Attribute.integer(0)), "u", "rest")
                        .node("Reshape", "y", "x", "t"));
        leaves(
                new ConstantReshape(),
                List.of("GlobalAveragePool", "Flatten"),
                new Graphs()
                        .node("GlobalAveragePool", "a", "x")
                        .constant("axes", Tensor.longs(2, 3))
                        .node("Squeeze", "y", "a", "axes"));
    }

    @Test
    void targetsOfReshapeAreConstantWithAFreeBatch() {
        Graph graph = leaves(
                new ConstantReshape(),
                List.of("Reshape"),
                new Graphs()
                        .constant("zero", Tensor.longs(0))
                        .constant("rest", Tensor.longs(4, 18))
                        .node("Shape", "s", "x")
                        .node("Gather", "n", "s", "zero")
                        .node("Concat", "t", Map.of("axis", Attribute.integer(0)), "n", "rest")
                        .node("Reshape", "y", "x", "t"));
        String target = graph.nodes().get(0).input(1);
        assertArrayEquals(
                new long[] {0, 4, 18}, graph.initializers().get(target).toLongs());
        Graph merged = leaves(
                new ConstantReshape(),
                List.of("Reshape"),
                new Graphs().constant("t", Tensor.longs(-1, 36, 1)).node("Reshape", "y", "x", "t"));
        assertArrayEquals(new long[] {-1, 36, 1}, merged.initializers().get("t").toLongs());
    }

    @Test
    void batchOfTheExportGivesWayToThatOfTheInput() {
        Graph fixed = new Graphs()
                .constant("t", Tensor.longs(3, 72))
                .node("Reshape", "y", "x", "t")
                .build();
        Graph free = leaves(new BatchInReshape(3), List.of("Reshape"), fixed);
        assertArrayEquals(
                new long[] {0, 72},
                free.initializers().get(free.nodes().get(0).input(1)).toLongs());
        keeps(
                new BatchInReshape(2),
                new Graphs().constant("t", Tensor.longs(3, 72)).node("Reshape", "y", "x", "t"));
        // 3 is no batch here: a picture has 72 elements.
        keeps(
                new BatchInReshape(3),
                new Graphs().constant("t", Tensor.longs(3, 24)).node("Reshape", "y", "x", "t"));
    }

    @Test
    void stepsThatChangeNothingGo() {
        Map<String, Attribute> kept = Map.of("perm", longs(0, 1, 2, 3));
        Map<String, Attribute> toFloat = Map.of("to", Attribute.integer(ElementType.FLOAT.code()));
        Graphs nothing = new Graphs()
                .constant("same", Tensor.longs(-1, 2, 6, 6))
                .constant("pads", Tensor.longs(0, 0, 0, 0, 0, 0, 0, 0))
                .constant("starts", Tensor.longs(0))
                .constant("ends", Tensor.longs(6))
                .constant("axes", Tensor.longs(3))
                .node("Transpose", "a", kept, "x")
                .node("Cast", "b", toFloat, "a")
                .node("Reshape", "c", "b", "same")
                .node("Pad", "d", "c", "pads")
                .node("Dropout", "e", "d")
                .node("Concat", "f", Map.of("axis", Attribute.integer(1)), "e")
                .node("Slice", "g", "f", "starts", "ends", "axes")
                .node("MaxPool", "h", Map.of("kernel_shape", longs(1, 1)), "g")
                .node("Neg", "y", "h");
        Graph graph = leaves(
                new RemoveNoOps(),
                List.of(
                        "Identity",
                        "Identity",
                        "Identity",
                        "Identity",
                        "Identity",
                        "Identity",
                        "Identity",
                        "Identity",
                        "Neg"),
                nothing);
        assertEquals(9, graph.nodes().size());
    }

    @Test
    void stepsThatKeepTheShapeButNotTheElementsStay() {
        keeps(new RemoveNoOps(), new Graphs().node("Transpose", "y", Map.of("perm", longs(0, 1, 3, 2)), "x"));
        keeps(
                new RemoveNoOps(),
                new Graphs()
                        .constant("starts", Tensor.longs(-1))
                        .constant("ends", Tensor.longs(-100))
                        .constant("axes", Tensor.longs(3))
                        .constant("steps", Tensor.longs(-1))
                        .node("Slice", "y", "x", "starts", "ends", "axes", "steps"));
        keeps(
                new RemoveNoOps(),
                new Graphs()
                        .constant("starts", Tensor.longs(0, -1))
                        .constant("ends", Tensor.longs(6, -100))
                        .constant("axes", Tensor.longs(2, 3))
                        .constant("steps", Tensor.longs(1, -1))
                        .node("Slice", "y", "x", "starts", "ends", "axes", "steps"));
        keeps(
                new RemoveNoOps(),
                new Graphs()
                        .constant("pads", Tensor.longs(0, 0, 0, 1, 0, 0, 0, -1))
                        .node("Pad", "y", "x", "pads"));
        Map<String, Attribute> toInt = Map.of("to", Attribute.integer(ElementType.INT32.code()));
        keeps(new RemoveNoOps(), new Graphs().node("Cast", "y", toInt, "x"));
    }

    @Test
    void ofTwoReshapesTheSecondIsEnough() {
        leaves(
                new ReshapeOnce(),
                List.of("Flatten"),
                new Graphs()
                        .constant("t", Tensor.longs(0, 4, 18))
                        .node("Reshape", "a", "x", "t")
                        .node("Flatten", "y", "a"));
        leaves(
                new ReshapeOnce(),
                List.of("GlobalAveragePool", "Reshape"),
                new Graphs()
                        .constant("t", Tensor.longs(0, 1, 2))
                        .node("GlobalAveragePool", "p", "x")
                        .node("Transpose", "a", Map.of("perm", longs(0, 2, 3, 1)), "p")
                        .node("Reshape", "y", "a", "t"));
        keeps(
                new ReshapeOnce(),
                new Graphs()
                        .node("Transpose", "a", Map.of("perm", longs(0, 2, 3, 1)), "x")
                        .node("Flatten", "y", "a"));
        keeps(
                new ReshapeOnce(),
                new Graphs()
                        .constant("rows", Tensor.longs(-1, 36))
                        .node("Reshape", "a", "x", "rows")
                        .node("Flatten", "y", "a"));
        keeps(
                new ReshapeOnce(),
                new Graphs()
                        .constant("one", Tensor.longs(0, 8, 9))
                        .constant("two", Tensor.longs(0, 0, 3, 3))
                        .node("Reshape", "a", "x", "one")
                        .node("Reshape", "y", "a", "two"));
    }

    @Test
    void constantsOfOneElementAreScalars() {
        Graph graph = leaves(
                new ScalarShape(),
                List.of("Mul", "Clip"),
                new Graphs()
                        .constant("one", Tensor.floats(List.of(1L, 1L), 2))
                        .constant("low", Tensor.floats(List.of(1L), -0.5f))
                        .node("Mul", "a", "x", "one")
                        .node("Clip", "y", "a", "low"));
        graph.initializers().values().forEach(tensor -> assertEquals(List.of(), tensor.shape()));
        // A product with five dimensions has five.
        keeps(
                new ScalarShape(),
                new Graphs()
                        .constant("five", Tensor.floats(List.of(1L, 1L, 1L, 1L, 1L), 2))
                        .node("Mul", "y", "x", "five"));
    }

    @Test
    void transposesMeetAndGo() {
        leaves(
                new CombineTransposes(),
                List.of("Transpose"),
                new Graphs()
                        .node("Transpose", "a", Map.of("perm", longs(0, 2, 3, 1)), "x")
                        .node("Transpose", "y", Map.of("perm", longs(1, 0, 3, 2)), "a"));
        leaves(
                new TransposeUpwards(),
                List.of("Transpose", "Transpose", "Mul"),
                new Graphs()
                        .node("Transpose", "a", Map.of("perm", longs(0, 2, 3, 1)), "x")
                        .constant("c", Tensor.floats(List.of(2L), 3, -1))
                        .node("Mul", "b", "c", "a")
                        .node("Transpose", "y", Map.of("perm", longs(0, 3, 1, 2)), "b"));
        keeps(
                new TransposeUpwards(),
                new Graphs()
                        .node("Relu", "a", "x")
                        .node("Neg", "unused", "a")
                        .node("Transpose", "y", Map.of("perm", longs(0, 3, 1, 2)), "a"));
        keeps(
                new TransposeUpwards(),
                new Graphs().node("Relu", "a", "x").node("Transpose", "y", Map.of("perm", longs(0, 2, 3, 1)), "a"));
    }

    @Test
    void oneChannelIsMovedByATransposeThatWasSpared() {
        Graphs graph = new Graphs()
                .constant("one", Tensor.longs(-1, 72, 1, 1))
                .constant("last", Tensor.longs(-1, 8, 9, 1))
                .constant("first", Tensor.longs(-1, 1, 8, 9))
                .node("Reshape", "a", "x", "last")
                .node("Reshape", "y", "a", "first");
        leaves(new ReshapeAsTranspose(), List.of("Reshape", "Transpose"), graph);
        keeps(
                new ReshapeAsTranspose(),
                new Graphs()
                        .constant("last", Tensor.longs(-1, 8, 9, 1))
                        .constant("first", Tensor.longs(-1, 1, 9, 8))
                        .node("Reshape", "a", "x", "last")
                        .node("Reshape", "y", "a", "first"));
    }

    @Test
    void rowsAreMadeBeforeTheLastActivation() {
        for (String op : List.of("Softmax", "LogSoftmax", "Sigmoid")) {
            Map<String, Attribute> axis = op.equals("Sigmoid") ? Map.of() : Map.of("axis", Attribute.integer(1));
            leaves(
                    new FlattenBeforeActivation(),
                    List.of("GlobalAveragePool", "Flatten", op),
                    new Graphs()
                            .node("GlobalAveragePool", "p", "x")
                            .node(op, "a", axis, "p")
                            .node("Flatten", "y", "a"));
        }
        keeps(
                new FlattenBeforeActivation(),
                new Graphs()
                        .node("Softmax", "a", Map.of("axis", Attribute.integer(1)), "x")
                        .node("Flatten", "y", "a"));
    }
}
