package dev.glint.runtime.onnx;

import java.util.List;

/**
 * A node of a graph.
 *
 * @param name its name, often empty
 * @param domain whose operator it is: empty for ONNX's own
 * @param operator the operator, as in {@code Conv}
 * @param inputs the names of its inputs; empty ones are left out by the node
 * @param outputs the names of its outputs; empty ones are left out by the node
 * @param attributes what the operator is told beside its inputs
 */
public record OnnxNode(
        String name,
        String domain,
        String operator,
        List<String> inputs,
        List<String> outputs,
        List<OnnxAttribute> attributes) {
    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }
}
