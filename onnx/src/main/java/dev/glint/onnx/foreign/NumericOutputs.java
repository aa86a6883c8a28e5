package dev.glint.onnx.foreign;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Cuts off what makes labels, maps and sequences of a network's numbers, as Azure Custom Vision exports it (ArrayFeatureExtractor
 * and ZipMap behind ArgMax and Sigmoid); the float tensors in front of it become outputs instead.
 */
final class NumericOutputs {
    private static final String LABELLING = "ai.onnx.ml";
    private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    private static final Set<Integer> REALS =
            Set.of(FLOAT, TensorProto.DataType.FLOAT16_VALUE, TensorProto.DataType.DOUBLE_VALUE);
    /** What makes an index of scores. */
    private static final Set<String> CHOOSING = Set.of("ArgMax", "TopK", "Cast");

    private final GraphProto graph;
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Set<String> tainted = new HashSet<>();

    private NumericOutputs(GraphProto graph) {
        this.graph = graph;
        for (TensorProto tensor : graph.getInitializerList()) {
            if (isText(tensor)) {
                tainted.add(tensor.getName());
            }
        }
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producers.put(output, node));
            if (isLabelling(node)) {
                tainted.addAll(node.getOutputList());
            }
        }
        producers.remove("");
        tainted.remove("");
    }

    /** The graph without them, and a note of what went. */
    static GraphProto keep(GraphProto graph, List<String> notes) {
        NumericOutputs outputs = new NumericOutputs(graph);
        boolean numbersOnly = graph.getOutputList().stream().allMatch(outputs::isReal);
        return numbersOnly && outputs.tainted.isEmpty() ? graph : outputs.cut(notes);
    }

    private GraphProto cut(List<String> notes) {
        GraphProto.Builder cut = graph.toBuilder().clearNode().clearOutput().clearInitializer();
        Set<String> left = new TreeSet<>();
        for (NodeProto node : graph.getNodeList()) {
            if (isLabelling(node)) {
                left.add(node.getOpType());
            } else {
                cut.addNode(node);
            }
        }
        graph.getInitializerList().stream().filter(tensor -> !isText(tensor)).forEach(cut::addInitializer);
        Map<String, ValueInfoProto> outputs = new LinkedHashMap<>();
        for (ValueInfoProto output : graph.getOutputList()) {
            if (isReal(output)) {
                outputs.putIfAbsent(output.getName(), output);
            } else {
                notes.add("the output " + output.getName() + ", which is no tensor of real numbers, left out");
                scoresBefore(output.getName()).forEach(name -> outputs.putIfAbsent(name, realOutput(name)));
            }
        }
        if (!left.isEmpty()) {
            notes.add(String.join(", ", left) + " at the end left out");
        }
        return cut.addAllOutput(outputs.values()).build();
    }

    private static boolean isText(TensorProto tensor) {
        return tensor.getDataType() == TensorProto.DataType.STRING_VALUE;
    }

    private boolean isLabelling(NodeProto node) {
        return node.getDomain().equals(LABELLING)
                || node.getInputList().stream().anyMatch(tainted::contains)
                || node.getAttributeList().stream()
                        .anyMatch(attribute ->
                                attribute.getType() == AttributeProto.AttributeType.TENSOR && isText(attribute.getT()));
    }

    private boolean isReal(ValueInfoProto value) {
        TypeProto type = value.getType();
        return !tainted.contains(value.getName())
                && type.hasTensorType()
                && REALS.contains(type.getTensorType().getElemType());
    }

    /** The real tensors that a label is made of. */
    private Set<String> scoresBefore(String value) {
        Set<String> scores = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(value));
        while (!open.isEmpty()) {
            String name = open.pop();
            NodeProto producer = producers.get(name);
            if (!seen.add(name) || producer == null) {
                continue;
            }
            if (isLabelling(producer)) {
                producer.getInputList().forEach(open::push);
            } else if (CHOOSING.contains(producer.getOpType()) && producer.getInputCount() > 0) {
                open.push(producer.getInput(0));
            } else if (!producer.getOpType().equals("Constant")) {
                scores.add(name);
            }
        }
        return scores;
    }

    private static ValueInfoProto realOutput(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(FLOAT)))
                .build();
    }
}
