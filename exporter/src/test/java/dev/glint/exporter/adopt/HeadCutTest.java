package dev.glint.exporter.adopt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.glint.exporter.testing.ForeignNetwork;
import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.runtime.contract.OutputKind;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HeadCutTest {
    private static final Map<String, Attribute> OVER_CLASSES = Map.of("axis", Attribute.integer(1));
    private static final Map<String, Attribute> OVER_PICTURES = Map.of("axis", Attribute.integer(0));

    private static HeadCut cut(ForeignNetwork network, int labels) {
        return HeadCut.find(network.model(17).graph(), labels, Optional.empty());
    }

    private static List<String> ops(Graph graph) {
        return graph.nodes().stream().map(Node::op).toList();
    }

    @Test
    void softmaxGoesWhateverShapesItBehindIt() {
        HeadCut plain = cut(ForeignNetwork.planes(4).then("Softmax", OVER_CLASSES), 4);
        assertEquals(List.of("Conv", "Relu", "GlobalAveragePool", "Flatten", "Gemm"), ops(plain.graph()));
        HeadCut shaped = cut(
                ForeignNetwork.planes(4)
                        .then("Softmax", OVER_CLASSES)
                        .then("Flatten", Map.of())
                        .then("Identity", Map.of()),
                4);
        assertEquals(List.of("Conv", "Relu", "GlobalAveragePool", "Flatten", "Gemm", "Flatten"), ops(shaped.graph()));
        assertEquals(OutputKind.LOGITS, shaped.kind());
        assertArrayEquals(new double[] {0.5, 0.5}, shaped.answers(new float[] {3, 3}));
    }

    @Test
    void softmaxOverPicturesIsNoHead() {
        HeadCut cut = cut(ForeignNetwork.planes(4).then("Softmax", OVER_PICTURES), 4);
        assertTrue(ops(cut.graph()).contains("Softmax"));
        assertTrue(cut.assumed());
    }

    @Test
    void answersAreTheFilesOwn() {
        float[] logits = {0, (float) Math.log(3)};
        HeadCut logarithms = cut(ForeignNetwork.planes(2).then("LogSoftmax", OVER_CLASSES), 2);
        assertArrayEquals(new double[] {Math.log(0.25), Math.log(0.75)}, logarithms.answers(logits), 1e-7);
        HeadCut independent = cut(ForeignNetwork.planes(2).then("Sigmoid", Map.of()), 2);
        assertArrayEquals(new double[] {0.5, 0.75}, independent.answers(logits), 1e-7);
        HeadCut single = cut(ForeignNetwork.planes(1).then("Sigmoid", Map.of()), 2);
        assertArrayEquals(new double[] {0.75}, single.answers(logits), 1e-7);
        HeadCut none = cut(ForeignNetwork.planes(2), 2);
        assertArrayEquals(new double[] {0, Math.log(3)}, none.answers(logits), 1e-7);
        assertTrue(none.assumed() && !single.assumed());
    }

    @Test
    void labelsMustBeAsManyAsClasses() {
        GlintException e = assertThrows(GlintException.class, () -> cut(ForeignNetwork.planes(1), 3));
        assertEquals(Reason.MODEL, e.reason());
        assertTrue(e.getMessage().startsWith("found 3 labels for 1 class of the output"), e.getMessage());
    }
}
