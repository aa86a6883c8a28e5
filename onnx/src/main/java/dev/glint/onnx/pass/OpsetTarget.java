package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.FreshNames;
import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.OnnxModel;
import dev.glint.onnx.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes a graph of operator set 17 in another one: before 17 there was no {@code LayerNormalization}, and since 18 all
 * reductions take their axes as an input. (ONNX, "Operator Changelog".)
 *
 * @param opset 15 to 21
 */
public record OpsetTarget(int opset) implements GraphPass {
    /** The oldest one: {@code Shape} of a part of the dimensions came with it. */
    public static final int OLDEST = 15;
    /** The newest one. */
    public static final int NEWEST = 21;

    private static final Set<String> REDUCTIONS =
            Set.of("ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2");

    public OpsetTarget {
        if (opset < OLDEST || opset > NEWEST) {
            throw new IllegalArgumentException("operator set " + opset);
        }
    }

    @Override
    public Graph apply(GraphIndex index) {
        return opset == OnnxModel.OPSET ? index.graph() : new Conversion(index).graph();
    }

    private final class Conversion {
        private final GraphIndex index;
        private final FreshNames names;
        private final List<Node> nodes = new ArrayList<>();
        private final Map<String, Tensor> constants;

        Conversion(GraphIndex index) {
            this.index = index;
            this.names = FreshNames.avoiding(index.graph());
            this.constants = index.copyOfConstants();
        }

        Graph graph() {
            for (Node node : index.graph().nodes()) {
                if (opset > OnnxModel.OPSET
                        && REDUCTIONS.contains(node.op())
                        && node.attributes().containsKey("axes")) {
                    nodes.add(axesAsInput(node));
                } else if (opset < OnnxModel.OPSET && node.isOperator("LayerNormalization")) {
                    normalize(node);
                } else {
                    nodes.add(node);
                }
            }
            return index.graph().withNodes(nodes, constants);
        }

        private Node axesAsInput(Node reduction) {
            Map<String, Attribute> left = new TreeMap<>(reduction.attributes());
            Attribute.Ints axes = (Attribute.Ints) Objects.requireNonNull(left.remove("axes"));
            long[] values = axes.values().stream().mapToLong(Long::longValue).toArray();
            String constant = constant(reduction.name() + "_axes", Tensor.longs(values));
            return new Node(
                    reduction.name(), reduction.op(), List.of(reduction.input(0), constant), reduction.outputs(), left);
        }

        /** {@code (x - mean) / sqrt(mean((x - mean)^2) + epsilon) * scale + shift}, over the last dimensions. */
        private void normalize(Node layer) {
            long first = layer.integer("axis", -1);
            if (first >= 0) {
                throw new IllegalArgumentException("axis " + first + ", counted from the first");
            }
            List<Long> axes = new ArrayList<>();
            for (long axis = first; axis < 0; axis++) {
                axes.add(axis);
            }
            Map<String, Attribute> over = Map.of("axes", Attribute.integers(axes), "keepdims", Attribute.integer(1));
            String mean = add(layer, "ReduceMean", over, layer.input(0));
            String centred = add(layer, "Sub", Map.of(), layer.input(0), mean);
            String squares = add(layer, "Mul", Map.of(), centred, centred);
            String variance = add(layer, "ReduceMean", over, squares);
            String epsilon = constant(layer.name() + "_epsilon", Tensor.scalar(layer.real("epsilon", 1e-5f)));
            String deviation = add(layer, "Sqrt", Map.of(), add(layer, "Add", Map.of(), variance, epsilon));
            String standard = add(layer, "Div", Map.of(), centred, deviation);
            boolean shifted = !layer.input(2).isEmpty();
            String scaled = shifted ? add(layer, "Mul", Map.of(), standard, layer.input(1)) : standard;
            nodes.add(new Node(
                    layer.name(),
                    shifted ? "Add" : "Mul",
                    List.of(scaled, shifted ? layer.input(2) : layer.input(1)),
                    layer.outputs(),
                    Map.of()));
        }

        private String add(Node layer, String op, Map<String, Attribute> attributes, String... inputs) {
            String name = names.allocate(layer.name() + "_" + op.toLowerCase(Locale.ROOT));
            String output = names.allocate(name + "_output");
            nodes.add(new Node(name, op, List.of(inputs), List.of(output), attributes));
            return output;
        }

        private String constant(String base, Tensor value) {
            String name = names.allocate(base);
            constants.put(name, value);
            return name;
        }
    }
}
