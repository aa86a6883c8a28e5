package dev.glint.onnx.trace;

import dev.glint.onnx.graph.Attribute;
import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds where the batch size went into a graph, by comparing the traces of two batch sizes: they must be equal but for
 * one dimension of a target shape of {@code Reshape}, which becomes -1, and for constants that repeat themselves for each
 * picture, such as a class token that was stretched to the batch, which the graph repeats as often as it has pictures.
 */
final class BatchMerge {
    private final Recorder one;
    private final Recorder other;
    private final String inputName;
    private final List<Node> repetitions = new ArrayList<>();
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();

    private BatchMerge(Recorder one, Recorder other, String inputName) {
        this.one = one;
        this.other = other;
        this.inputName = inputName;
    }

    /** What both traces say, free of the batch size. */
    static BatchMerge merge(Recorder one, Recorder other, String inputName) {
        if (!one.nodes().equals(other.nodes())
                || one.initializers().size() != other.initializers().size()) {
            throw dependent("a block whose steps depend on the number of pictures in a batch");
        }
        BatchMerge merge = new BatchMerge(one, other, inputName);
        one.initializers().forEach(merge::constant);
        return merge;
    }

    /** The nodes, in their order. */
    List<Node> nodes() {
        List<Node> nodes = new ArrayList<>(repetitions);
        nodes.addAll(one.nodes());
        return nodes;
    }

    /** The constants. */
    Map<String, Tensor> initializers() {
        return initializers;
    }

    private void constant(String name, Tensor tensor) {
        Tensor twin = other.initializers().get(name);
        if (tensor.equals(twin)) {
            initializers.put(name, tensor);
            return;
        }
        Optional<RepeatedTensor> repeated = twin == null ? Optional.empty() : RepeatedTensor.find(tensor, twin);
        if (twin != null && isTargetShape(name)) {
            initializers.put(name, freed(name, tensor.toLongs(), twin.toLongs()));
        } else if (repeated.isPresent()) {
            repeat(name, repeated.get());
        } else {
            throw dependent("a constant (" + name + ") that depends on the number of pictures in a batch");
        }
    }

    private boolean isTargetShape(String name) {
        return one.nodes().stream()
                .anyMatch(node -> node.isOperator("Reshape") && node.input(1).equals(name));
    }

    /** Makes the value of a constant from one of its equal parts and the number of pictures. */
    private void repeat(String name, RepeatedTensor repeated) {
        String part = one.valueName(name + "_part");
        initializers.put(part, repeated.part());
        String pictures = node("Shape", Map.of("start", Attribute.integer(0), "end", Attribute.integer(1)), inputName);
        int rank = repeated.part().shape().size();
        List<String> sizes = new ArrayList<>();
        if (repeated.axis() > 0) {
            sizes.add(ones(repeated.axis()));
        }
        sizes.add(pictures);
        if (repeated.axis() + 1 < rank) {
            sizes.add(ones(rank - repeated.axis() - 1));
        }
        String shape = node("Concat", Map.of("axis", Attribute.integer(0)), sizes.toArray(String[]::new));
        repetitions.add(new Node(one.nodeName("expand"), "Expand", List.of(part, shape), List.of(name), Map.of()));
    }

    private String node(String op, Map<String, Attribute> attributes, String... inputs) {
        String name = one.nodeName(op.toLowerCase(Locale.ROOT));
        String output = one.valueName(name + "_output");
        repetitions.add(new Node(name, op, List.of(inputs), List.of(output), attributes));
        return output;
    }

    private String ones(int count) {
        long[] sizes = new long[count];
        Arrays.fill(sizes, 1);
        String name = one.valueName("ones");
        initializers.put(name, Tensor.longs(sizes));
        return name;
    }

    private static Tensor freed(String name, long[] one, long[] other) {
        int free = 0;
        for (int i = 0; i < one.length; i++) {
            if (i >= other.length || one[i] != other[i]) {
                one[i] = -1;
                free++;
            }
        }
        if (free != 1 || one.length != other.length) {
            throw dependent("a shape (" + name + ") that depends on the number of pictures in several dimensions");
        }
        return Tensor.longs(one);
    }

    private static GlintException dependent(String found) {
        return GlintException.failure(
                Reason.MODEL,
                found,
                "the same steps for any batch",
                "keep the batch as the first dimension throughout the block");
    }
}
