package dev.glint.runtime.engine.glint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.glint.runtime.testing.OnnxGraphs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which models become a plan at all, and what a plan says of itself. */
class PlanTest {
    @Test
    void operatorsAreOfKnownVersions() {
        assertEquals(Optional.of("operators of version 6"), refusal(relus(1).operatorSet(6)));
        assertEquals(Optional.empty(), refusal(relus(1).operatorSet(7)));
        assertEquals(Optional.empty(), refusal(relus(1).operatorSet(22)));
        assertEquals(Optional.of("operators of version 23"), refusal(relus(1).operatorSet(23)));
    }

    @Test
    void nodesAreNotWithoutNumber() {
        assertEquals(Optional.empty(), refusal(relus(9_999)));
        assertEquals(Optional.of("10001 nodes"), refusal(relus(10_000)));
    }

    @Test
    void operatorsOfOtherDomainsAreUnknown() {
        assertEquals(Optional.empty(), refusal(ofDomain("ai.onnx")));
        assertEquals(Optional.of("the operator Relu of the domain com.microsoft"), refusal(ofDomain("com.microsoft")));
    }

    @Test
    void constantsMayBeNodes() {
        AttributeProto value = AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(TensorProto.newBuilder()
                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                        .addFloatData(2.5f))
                .build();
        OnnxGraphs graph =
                relus(0).node("Constant", "c", node -> node.addAttribute(value)).node("Mul", "logits", "v0", "c");

        assertEquals(Optional.empty(), refusal(graph));
    }

    @Test
    void timeIsThatOfAllItsWork() {
        PortableKernels kernels = new PortableKernels();
        MemoryLayout none = new MemoryLayout(new int[0], new int[0]);

        double floats = new Plan(List.of(), none, 1000, 0, 0, 0, 0).estimatedNanos(kernels);
        double bytes = new Plan(List.of(), none, 0, 1000, 0, 0, 0).estimatedNanos(kernels);
        assertArrayEquals(
                new double[] {
                    1000 / kernels.floatMultiplyAddsPerNanosecond(),
                    1000 / kernels.byteMultiplyAddsPerNanosecond(),
                    1000
                },
                new double[] {
                    floats, bytes, new Plan(List.of(), none, 0, 0, 1000, 0, 0).estimatedNanos(kernels),
                },
                1e-6);
        assertEquals(
                2 * floats + 3 * bytes + 4000,
                new Plan(List.of(), none, 2000, 3000, 4000, 0, 0).estimatedNanos(kernels),
                1e-6);
        assertEquals(5000, new Plan(List.of(), none, 2000, 3000, 4000, 0, 0).multiplyAdds());
    }

    /** So many activations of the features of a picture; the last is the answer, unless there is none. */
    private static OnnxGraphs relus(int count) {
        OnnxGraphs graph = new OnnxGraphs(3, 4, 4).node("Flatten", "v0", "input");
        for (int i = 1; i <= count; i++) {
            graph.node("Relu", i == count ? "logits" : "v" + i, "v" + (i - 1));
        }
        return graph;
    }

    private static OnnxGraphs ofDomain(String domain) {
        return relus(0).node("Relu", "logits", node -> node.setDomain(domain), "v0");
    }

    private static Optional<String> refusal(OnnxGraphs graph) {
        return GraphForms.refusal(48, graph);
    }
}
