package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Node;
import java.util.Set;

/** What becomes of a node of certain operators, and of those around it. */
public interface RewriteRule {
    /** What errors and reports call it. */
    String name();

    /** The operators of ONNX's own that it looks at. */
    Set<String> operators();

    /** Changes the graph around a node, or leaves it as it is. */
    void rewrite(Node node, GraphEdit edit);
}
