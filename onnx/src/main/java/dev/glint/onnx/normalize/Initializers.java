package dev.glint.onnx.normalize;

import dev.glint.onnx.graph.Node;
import dev.glint.onnx.graph.Tensor;
import dev.glint.onnx.pass.GraphEdit;

/** Nodes whose outputs are known. */
final class Initializers {
    private Initializers() {}

    /** Puts a constant in a node's place; one that leaves the graph stays, since an initializer cannot. */
    static void replace(Node node, Tensor value, GraphEdit edit) {
        if (!edit.before().isOutput(node.output())) {
            edit.remove(node);
            edit.setConstant(node.output(), value);
        }
    }
}
