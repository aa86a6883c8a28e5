package dev.glint.onnx.foreign;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the bodies of a model's own functions where they are called, as PyTorch's newer exporter leaves it to others: each value
 * inside gets a name of its own, each attribute that refers to one of the call gets its value.
 */
final class FunctionInliner {
    /** Functions that call functions; ONNX forbids that one calls itself. */
    private static final int MAX_DEPTH = 32;
    /** What a graph may grow to: far more than any classifier has. */
    private static final int MAX_NODES = 200_000;

    private final Map<String, FunctionProto> functions = new HashMap<>();
    private final List<NodeProto> nodes = new ArrayList<>();
    private int calls;

    private FunctionInliner(ModelProto model) {
        model.getFunctionsList()
                .forEach(function -> functions.put(key(function.getDomain(), function.getName()), function));
    }

    /** The model without functions. */
    static ModelProto inline(ModelProto model, List<String> notes) {
        if (model.getFunctionsCount() == 0) {
            return model;
        }
        FunctionInliner inliner = new FunctionInliner(model);
        model.getGraph().getNodeList().forEach(node -> inliner.add(node, 0));
        if (inliner.calls > 0) {
            notes.add(inliner.calls + " calls of functions written out");
        }
        GraphProto.Builder graph = model.getGraph().toBuilder().clearNode().addAllNode(inliner.nodes);
        return model.toBuilder().setGraph(graph).clearFunctions().build();
    }

    private static String key(String domain, String name) {
        return (OperatorSets.isOwn(domain) ? "" : domain) + ":" + name;
    }

    private void add(NodeProto node, int depth) {
        FunctionProto function = functions.get(key(node.getDomain(), node.getOpType()));
        if (function == null) {
            nodes.add(node);
        } else {
            require(depth < MAX_DEPTH, "functions that call each other " + MAX_DEPTH + " deep");
            call(function, node, depth);
        }
        require(nodes.size() <= MAX_NODES, "functions that make more than " + MAX_NODES + " nodes");
    }

    private void call(FunctionProto function, NodeProto call, int depth) {
        String prefix = "call_" + ++calls + "/";
        require(calls <= MAX_NODES, "more than " + MAX_NODES + " calls of functions");
        Map<String, String> names = new HashMap<>(Map.of("", ""));
        bind(function.getInputList(), call.getInputList(), names);
        bind(function.getOutputList(), call.getOutputList(), names);
        Map<String, AttributeProto> settings = new HashMap<>();
        function.getAttributeProtoList().forEach(setting -> settings.put(setting.getName(), setting));
        call.getAttributeList().forEach(setting -> settings.put(setting.getName(), setting));
        for (NodeProto node : function.getNodeList()) {
            NodeProto.Builder written =
                    node.toBuilder().clearInput().clearOutput().clearAttribute();
            written.setName(prefix + node.getName());
            node.getInputList().forEach(name -> written.addInput(names.computeIfAbsent(name, key -> prefix + key)));
            node.getOutputList().forEach(name -> written.addOutput(names.computeIfAbsent(name, key -> prefix + key)));
            node.getAttributeList().forEach(setting -> bind(setting, settings, written));
            add(written.build(), depth + 1);
        }
    }

    /** What the call leaves out has no name outside: an input none at all, an output one of its own. */
    private static void bind(List<String> formal, List<String> actual, Map<String, String> names) {
        require(actual.size() <= formal.size(), "a function that is called with more than it takes");
        for (int i = 0; i < actual.size(); i++) {
            if (!actual.get(i).isEmpty()) {
                names.put(formal.get(i), actual.get(i));
            }
        }
    }

    private static void bind(AttributeProto setting, Map<String, AttributeProto> settings, NodeProto.Builder node) {
        if (setting.getRefAttrName().isEmpty()) {
            node.addAttribute(setting);
        } else if (settings.containsKey(setting.getRefAttrName())) {
            AttributeProto value = settings.get(setting.getRefAttrName());
            node.addAttribute(value.toBuilder().setName(setting.getName()).clearRefAttrName());
        }
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }
}
