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
 */
public record OnnxNode(String name, String domain, String operator, List<String> inputs, List<String> outputs) {
    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
