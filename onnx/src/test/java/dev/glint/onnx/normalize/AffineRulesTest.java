package dev.glint.onnx.normalize;

import static dev.glint.onnx.normalize.Rules.keeps;
import static dev.glint.onnx.normalize.Rules.leaves;
import static dev.glint.onnx.normalize.Rules.longs;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.testing.Graphs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Factors and summands for each channel: into layers, or for themselves. */
class AffineRulesTest {
    private static final Map<String, Attribute> ROWS = Map.of("transB", Attribute.integer(1));
    private static final Tensor THREE = Tensor.floats(List.of(3L, 1L, 1L), 0.5f, -2, 3);
    private static final Tensor TWO = Tensor.floats(List.of(1L, 2L, 1L, 1L), 0.5f, -2);

    @ParameterizedTest
    @ValueSource(strings = {"Add", "Sub", "Mul", "Div"})
    void arithmeticBehindAConvolutionGoesIntoIt(String op) {
        for (boolean bias : new boolean[] {false, true}) {
            leaves(
                    new FoldAffineIntoLayerBefore(),
                    List.of("Conv"),
                    new Graphs()
                            .convolution("a", "x", 2, 3, bias)
                            .constant("c", THREE)
                            .node(op, "y", "a", "c"));
            leaves(
                    new FoldAffineIntoLayerBefore(),
                    List.of("Conv"),
                    new Graphs()
                            .convolution("a", "x", 2, 3, bias)
                            .constant("c", Tensor.scalar(1.5f))
                            .node(op, "y", "a", "c"));
        }
    }

    @Test
    void constantsInFrontAreFoldedWhereThatIsAFactorAndASummand() {
        for (String op : List.of("Add", "Sub", "Mul")) {
            leaves(
                    new FoldAffineIntoLayerBefore(),
                    List.of("Conv"),
                    new Graphs()
                            .convolution("a", "x", 2, 3, true)
                            .constant("c", THREE)
                            .node(op, "y", "c", "a"));
        }
        keeps(
                new FoldAffineIntoLayerBefore(),
                new Graphs()
                        .convolution("a", "x", 2, 3, true)
                        .constant("c", THREE)
                        .node("Div", "y", "c", "a"));
    }

    @Test
    void biasBehindALinearLayerGoesIntoIt() {
        leaves(
                new FoldAffineIntoLayerBefore(),
                List.of("Flatten", "Gemm"),
                new Graphs()
                        .node("Flatten", "f", "x")
                        .floats("w", 3, 72)
                        .node("Gemm", "a", ROWS, "f", "w")
                        .constant("c", Tensor.floats(List.of(3L), 1, 2, 3))
                        .node("Add", "y", "a", "c"));
    }

    @Test
    void whatIsNoValuePerChannelOrUsedElsewhereStays() {
        keeps(
                new FoldAffineIntoLayerBefore(),
                new Graphs()
                        .convolution("a", "x", 2, 2, false)
                        .floats("c", 1, 1, 6, 6)
                        .node("Add", "y", "a", "c"));
        // (6) lies along W, not along the channels.
        keeps(
                new FoldAffineIntoLayerBefore(),
                new Graphs().convolution("a", "x", 2, 6, false).floats("c", 6).node("Add", "y", "a", "c"));
        keeps(
                new FoldAffineIntoLayerBefore(),
                new Graphs()
                        .convolution("a", "x", 2, 3, false)
                        .constant("c", THREE)
                        .node("Add", "b", "a", "c")
                        .node("Add", "y", "a", "b"));
    }

    @Test
    void whatComesBeforeALayerGoesIntoIt() {
        leaves(
                new FoldAffineIntoLayerBehind(),
                List.of("Conv"),
                new Graphs().batchNorm("n", "x", 2).floats("w", 3, 2, 3, 3).node("Conv", "y", "n", "w"));
        leaves(
                new FoldAffineIntoLayerBehind(),
                List.of("Flatten", "Gemm"),
                new Graphs()
                        .node("Flatten", "f", "x")
                        .batchNorm("n", "f", 72)
                        .floats("w", 3, 72)
                        .node("Gemm", "y", ROWS, "n", "w"));
    }

    @Test
    void groupsTakeTheirOwnChannels() {
        Map<String, Attribute> groups = Map.of("group", Attribute.integer(2));
        leaves(
                new FoldAffineIntoLayerBehind(),
                List.of("Conv"),
                new Graphs()
                        .batchNorm("n", "x", 2)
                        .floats("w", 6, 1, 3, 3)
                        .floats("b", 6)
                        .node("Conv", "y", groups, "n", "w", "b"));
    }

    @Test
    void paddingTakesFactorsOnly() {
        leaves(
                new FoldAffineIntoLayerBehind(),
                List.of("Conv"),
                new Graphs().constant("c", TWO).node("Mul", "n", "x", "c").convolution("y", "n", 2, 3, true));
        keeps(
                new FoldAffineIntoLayerBehind(),
                new Graphs().constant("c", TWO).node("Add", "n", "x", "c").convolution("y", "n", 2, 3, true));
    }

    @Test
    void normalizationsAloneBecomeDepthwiseConvolutions() {
        leaves(
                new StandaloneAffine(),
                List.of("Relu", "Conv"),
                new Graphs().node("Relu", "a", "x").batchNorm("y", "a", 2));
        leaves(
                new StandaloneAffine(),
                List.of("Relu", "Conv"),
                new Graphs()
                        .node("Relu", "a", "x")
                        .constant("c", TWO)
                        .constant("d", Tensor.floats(List.of(2L, 1L, 1L), 1, 7))
                        .node("Mul", "b", "a", "c")
                        .node("Add", "y", "d", "b"));
        leaves(
                new StandaloneAffine(),
                List.of("Flatten", "Mul", "Add"),
                new Graphs().node("Flatten", "f", "x").batchNorm("y", "f", 72));
    }

    @Test
    void oneFactorForAllIsNoNormalization() {
        keeps(
                new StandaloneAffine(),
                new Graphs()
                        .constant("c", Tensor.scalar(2))
                        .constant("d", Tensor.scalar(1))
                        .node("Mul", "b", "x", "c")
                        .node("Add", "y", "b", "d"));
        keeps(new StandaloneAffine(), new Graphs().constant("d", TWO).node("Add", "y", "x", "d"));
    }

    @Test
    void productsWithConstantsAreLinearLayers() {
        leaves(
                new LinearForm(),
                List.of("Flatten", "Gemm"),
                new Graphs().node("Flatten", "f", "x").floats("w", 72, 5).node("MatMul", "y", "f", "w"));
        Map<String, Attribute> factors = Map.of("alpha", Attribute.real(0.5f), "beta", Attribute.real(3));
        leaves(
                new LinearForm(),
                List.of("Flatten", "Gemm"),
                new Graphs()
                        .node("Flatten", "f", "x")
                        .floats("w", 72, 5)
                        .floats("b", 1, 5)
                        .node("Gemm", "y", factors, "f", "w", "b"));
        keeps(new LinearForm(), new Graphs().floats("w", 6, 5).node("MatMul", "y", "x", "w"));
        keeps(
                new LinearForm(),
                new Graphs()
                        .node("Flatten", "f", "x")
                        .floats("w", 5, 72)
                        .floats("b", 5)
                        .node("Gemm", "y", ROWS, "f", "w", "b"));
        keeps(
                new LinearForm(),
                new Graphs().node("Flatten", "f", "x").floats("w", 72, 5).node("Gemm", "y", "f", "w", "f"));
    }

    @Test
    void weightsMoveForWhatKerasFlattensChannelsLast() {
        leaves(
                new TransposeIntoLinear(),
                List.of("Flatten", "Gemm"),
                new Graphs()
                        .node("Transpose", "t", Map.of("perm", longs(0, 2, 3, 1)), "x")
                        .node("Flatten", "f", "t")
                        .floats("w", 5, 72)
                        .node("Gemm", "y", ROWS, "f", "w"));
        leaves(
                new TransposeIntoLinear(),
                List.of("Flatten", "Gemm"),
                new Graphs()
                        .node("Transpose", "t", Map.of("perm", longs(0, 3, 1, 2)), "x")
                        .node("Flatten", "f", "t")
                        .floats("w", 5, 72)
                        .node("Gemm", "y", ROWS, "f", "w"));
    }
}
