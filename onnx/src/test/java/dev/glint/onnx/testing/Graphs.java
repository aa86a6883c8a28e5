package dev.glint.onnx.testing;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import dev.glint.onnx.inference.OnnxSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds graphs by hand: input {@code x} of shape (N, 2, 6, 6), output {@code y}. */
public final class Graphs {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();

    /** Adds a node named after its output. */
    public Graphs node(String op, String output, String... inputs) {
        return node(op, output, Map.of(), inputs);
    }

    /** Adds a node named after its output. */
    public Graphs node(String op, String output, Map<String, Attribute> attributes, String... inputs) {
        nodes.add(new Node(output, op, List.of(inputs), List.of(output), attributes));
        return this;
    }

    /**
     * A convolution {@code a} of {@code x} (1x1, 2 to 2 channels) between conversions: activations of the scale {@code s}
     * with the zero point {@code z} in the middle, so that no ReLU vanishes into them.
     */
    public Graphs encodedConvolution() {
        return constant("s", Tensor.scalar(0.05f))
                .constant("z", new Tensor(ElementType.UINT8, List.of(), new byte[] {(byte) 128}))
                .constant("w", new Tensor(ElementType.INT8, List.of(2L, 2L, 1L, 1L), new byte[] {1, 2, 3, 127}))
                .constant("ws", Tensor.scalar(0.01f))
                .constant("wz", new Tensor(ElementType.INT8, List.of(), new byte[1]))
                .node("QuantizeLinear", "xq", "x", "s", "z")
                .node("DequantizeLinear", "xd", "xq", "s", "z")
                .node("DequantizeLinear", "wd", "w", "ws", "wz")
                .node("Conv", "a", "xd", "wd");
    }

    /** Adds a 3x3 convolution that keeps the size, with random weights {@code output.w} and, if wanted, a bias. */
    public Graphs convolution(String output, String input, int in, int out, boolean bias) {
        floats(output + ".w", out, in, 3, 3);
        Map<String, Attribute> pads = Map.of("pads", Attribute.integers(List.of(1L, 1L, 1L, 1L)));
        if (!bias) {
            return node("Conv", output, pads, input, output + ".w");
        }
        floats(output + ".b", out);
        return node("Conv", output, pads, input, output + ".w", output + ".b");
    }

    /** Adds a batch norm over random positive statistics. */
    public Graphs batchNorm(String output, String input, int channels) {
        for (String statistic : List.of(".g", ".s", ".m", ".v")) {
            Random random = new Random((output + statistic).hashCode());
            float[] values = new float[channels];
            for (int i = 0; i < channels; i++) {
                values[i] = 0.2f + random.nextFloat();
            }
            constant(output + statistic, Tensor.floats(List.of((long) channels), values));
        }
        return node("BatchNormalization", output, input, output + ".g", output + ".s", output + ".m", output + ".v");
    }

    /** Adds a constant of standard normal values. */
    public Graphs floats(String name, long... shape) {
        Random random = new Random(name.hashCode());
        List<Long> dimensions = new ArrayList<>();
        int size = 1;
        for (long dimension : shape) {
            dimensions.add(dimension);
            size *= (int) dimension;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return constant(name, Tensor.floats(dimensions, values));
    }

    /** Adds a constant. */
    public Graphs constant(String name, Tensor tensor) {
        initializers.put(name, tensor);
        return this;
    }

    /** The graph, with an output of unknown shape. */
    public Graph build() {
        return build(null);
    }

    /** The graph, with an output of unknown sizes and known rank, as ONNX's checker wants it. */
    public Graph build(int rank) {
        return build(Collections.nCopies(rank, new Dimension.Free("")));
    }

    private Graph build(@Nullable List<Dimension> outputShape) {
        List<Dimension> inputShape = List.of(
                new Dimension.Free("N"), new Dimension.Fixed(2), new Dimension.Fixed(6), new Dimension.Fixed(6));
        return new Graph(
                "test",
                List.of(new ValueInfo("x", ElementType.FLOAT, inputShape)),
                List.of(new ValueInfo("y", ElementType.FLOAT, outputShape)),
                nodes,
                initializers);
    }

    /** What a graph makes of three random pictures. */
    public static float[] run(Graph graph) {
        return run(OnnxModel.fromGraph(graph, Map.of()));
    }

    /** The same for a graph in terms of another operator set. */
    public static float[] run(Graph graph, long opset) {
        return run(new OnnxModel(graph, "test", "1", new TreeMap<>(Map.of("", opset)), Map.of()));
    }

    private static float[] run(OnnxModel model) {
        FloatBuffer pictures = RandomPictures.normal(3 * 2 * 6 * 6, 5);
        try (OnnxSession session = OnnxSession.open(model, 1)) {
            return session.run(pictures, 3, 2, 6, 6).get("y");
        }
    }

    /** The operators of a graph, in their order. */
    public static List<String> ops(Graph graph) {
        return graph.nodes().stream().map(Node::op).toList();
    }
}
