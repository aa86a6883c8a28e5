package dev.glint.onnx.foreign;

import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import dev.glint.runtime.failure.GlintException;
import dev.glint.runtime.failure.GlintException.Reason;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Whose operators a model may use, and in which version. */
final class OperatorSets {
    private static final String MICROSOFT = "com.microsoft";

    private OperatorSets() {}

    /** Whether a domain's name is one of the spellings of ONNX's own. */
    static boolean isOwn(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    /** Refuses a model whose own operators are of no version, or of one that nobody here knows. */
    static void check(ModelProto proto) {
        String expected =
                "ONNX's own operators of set " + ForeignModel.OLDEST_OPSET + " to " + ForeignModel.NEWEST_OPSET;
        String remedy = "export the model again with such a set, 17 for example";
        Map<String, Long> versions = new TreeMap<>();
        for (OperatorSetIdProto opset : proto.getOpsetImportList()) {
            versions.put(isOwn(opset.getDomain()) ? "" : opset.getDomain(), opset.getVersion());
        }
        if (versions.isEmpty()) {
            String writer = proto.getProducerName() + " " + proto.getProducerVersion();
            throw refusal("no operator set at all (written by " + writer.strip() + ")", expected, remedy);
        }
        Long version = versions.get("");
        if (version == null) {
            throw refusal("the operator sets " + versions.keySet() + " only", expected, remedy);
        }
        if (version < ForeignModel.OLDEST_OPSET || version > ForeignModel.NEWEST_OPSET) {
            throw refusal("operator set " + version, expected, remedy);
        }
    }

    /** Refuses nodes that are no float operators of ONNX's own. */
    static void checkNodes(GraphProto graph) {
        Map<String, Long> quantized = count(graph, OperatorSets::isQuantized);
        if (!quantized.isEmpty()) {
            throw refusal(
                    "an already quantised model (" + list(quantized) + ")",
                    "a model of floats",
                    "give the float model that it was made from");
        }
        Map<String, Long> contributed = count(graph, node -> node.getDomain().startsWith(MICROSOFT));
        if (!contributed.isEmpty()) {
            throw refusal(
                    "operators of ONNX Runtime's own (" + list(contributed)
                            + "), as it saves them when it has optimised",
                    "a model as its framework exported it",
                    "give the model from before");
        }
        Map<String, Long> unknown = count(graph, node -> !isOwn(node.getDomain()));
        if (!unknown.isEmpty()) {
            throw refusal(
                    "operators of an unknown domain (" + list(unknown) + ")",
                    "ONNX's own operators",
                    "export the model without them");
        }
        Map<String, Long> branching = count(graph, OperatorSets::hasBranches);
        if (!branching.isEmpty()) {
            throw refusal(
                    "sub-graphs (" + list(branching) + ")",
                    "one graph for all pictures",
                    "export the model for pictures of one size, and not scripted");
        }
    }

    /** Whether what a node does depends on values: If, Loop, Scan. */
    private static boolean hasBranches(NodeProto node) {
        return node.getAttributeList().stream()
                .anyMatch(attribute ->
                        attribute.getType() == AttributeType.GRAPH || attribute.getType() == AttributeType.GRAPHS);
    }

    /** Integer arithmetic, or the conversions around it, by the names that ONNX and ONNX Runtime give them. */
    private static boolean isQuantized(NodeProto node) {
        String op = node.getOpType();
        boolean known = isOwn(node.getDomain()) || node.getDomain().startsWith(MICROSOFT);
        return known
                && (op.startsWith("QLinear")
                        || op.startsWith("QGemm")
                        || op.startsWith("QAttention")
                        || op.contains("Integer")
                        || op.contains("QuantizeLinear")
                        || op.contains("quantizeLinear"));
    }

    private static Map<String, Long> count(GraphProto graph, Predicate<NodeProto> wanted) {
        return graph.getNodeList().stream()
                .filter(wanted)
                .collect(Collectors.groupingBy(OperatorSets::fullName, TreeMap::new, Collectors.counting()));
    }

    private static String fullName(NodeProto node) {
        return isOwn(node.getDomain()) ? node.getOpType() : node.getDomain() + "." + node.getOpType();
    }

    private static String list(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private static GlintException refusal(String found, String expected, String remedy) {
        return GlintException.failure(Reason.MODEL, found, expected, remedy);
    }
}
