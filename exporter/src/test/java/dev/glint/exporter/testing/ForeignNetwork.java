package dev.glint.exporter.testing;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.ElementType;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.OnnxWriter;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.graph.ValueInfo;
import dev.glint.onnx.graph.ValueInfo.Dimension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A small classifier as another tool might have exported it: a convolution, a global average, a linear layer, and whatever a
 * test puts around them.
 */
public final class ForeignNetwork {
    /** Rows and columns of its pictures. */
    public static final int SIDE = 8;

    private final List<Dimension> shape;
    private final int classes;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final List<ValueInfo> outputs = new ArrayList<>();
    private String value = "pixels";

    private ForeignNetwork(int classes, List<Dimension> shape) {
        this.shape = shape;
        this.classes = classes;
    }

    /** Takes (N, 3, 8, 8) and ends in logits. */
    public static ForeignNetwork planes(int classes) {
        return sized(classes, new Dimension.Free("N"), fixed(SIDE), fixed(SIDE)).network();
    }

    /** As {@link #planes}, of a batch, height and width of one's own. */
    public static ForeignNetwork sized(int classes, Dimension batch, Dimension height, Dimension width) {
        return new ForeignNetwork(classes, List.of(batch, fixed(3), height, width));
    }

    /** Takes (N, 8, 8, 3), as TensorFlow does, and ends in logits. */
    public static ForeignNetwork pixels(int classes) {
        return new ForeignNetwork(classes, List.of(new Dimension.Free("N"), fixed(SIDE), fixed(SIDE), fixed(3)))
                .then("Transpose", Map.of("perm", Attribute.integers(List.of(0L, 3L, 1L, 2L))))
                .network();
    }

    /** A dimension of a size. */
    public static Dimension fixed(long size) {
        return new Dimension.Fixed(size);
    }

    /** The layers. */
    public ForeignNetwork network() {
        then(
                "Conv",
                Map.of("pads", Attribute.integers(List.of(1L, 1L, 1L, 1L))),
                random("filters", 6, 3, 3, 3),
                random("shift", 6));
        then("Relu", Map.of());
        then("GlobalAveragePool", Map.of());
        then("Flatten", Map.of());
        return then("Gemm", Map.of(), random("weights", 6, classes), random("bias", classes));
    }

    /** An operator behind the last, with constants as its further inputs. */
    public ForeignNetwork then(String op, Map<String, Attribute> attributes, String... more) {
        String output = op.toLowerCase(Locale.ROOT) + "_" + nodes.size();
        List<String> inputs = new ArrayList<>(List.of(value));
        inputs.addAll(List.of(more));
        nodes.add(new Node(output, op, inputs, List.of(output), attributes));
        value = output;
        return this;
    }

    /** An operator of another domain behind the last. */
    public ForeignNetwork thenForeign(String domain, String op) {
        String output = op + "_" + nodes.size();
        nodes.add(new Node(output, domain, op, List.of(value), List.of(output), new TreeMap<>()));
        value = output;
        return this;
    }

    /** A constant of random numbers; returns its name. */
    public String random(String name, long... shape) {
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

    /** A constant; returns its name. */
    public String constant(String name, Tensor tensor) {
        constants.put(name, tensor);
        return name;
    }

    /** Makes what there is by now an output. */
    public ForeignNetwork output(Dimension... sizes) {
        outputs.add(new ValueInfo(value, ElementType.FLOAT, List.of(sizes)));
        return this;
    }

    /** The model, with (N, classes) as its output if no other was made one. */
    public OnnxModel model(long opset) {
        if (outputs.isEmpty()) {
            output(shape.get(0), fixed(classes));
        }
        Graph graph = new Graph(
                "foreign", List.of(new ValueInfo("pixels", ElementType.FLOAT, shape)), outputs, nodes, constants);
        return new OnnxModel(graph, "elsewhere", "2.0", new TreeMap<>(Map.of("", opset)), Map.of());
    }

    /** Writes it with operator set 13. */
    public Path write(Path file) throws IOException {
        return Files.write(file, OnnxWriter.write(model(13)));
    }
}
