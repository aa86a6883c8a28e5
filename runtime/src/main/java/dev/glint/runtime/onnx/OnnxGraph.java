package dev.glint.runtime.onnx;

import java.util.List;

/**
 * A graph of a file, as it stands there.
 *
 * @param nodes in the order of the file
 * @param initializers its constants
 * @param inputs what it takes, initializers that are listed as inputs too (before IR version 4) left out
 * @param outputs what it gives
 */
public record OnnxGraph(
        List<OnnxNode> nodes, List<Initializer> initializers, List<ValueInfo> inputs, List<ValueInfo> outputs) {
    public OnnxGraph {
        nodes = List.copyOf(nodes);
        initializers = List.copyOf(initializers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
