package dev.glint.onnx.shape;

import dev.glint.onnx.graph.Graph;
import org.jspecify.annotations.Nullable;

/** What is known of a graph, found when it is first asked for, and then for all that ask. */
public final class LazyShapes {
    private final Graph graph;
    private @Nullable Shapes shapes;

    /** Of a graph. */
    public LazyShapes(Graph graph) {
        this.graph = graph;
    }

    /** What is known of its values. */
    public Shapes get() {
        if (shapes == null) {
            shapes = ShapeInference.infer(graph);
        }
        return shapes;
    }
}
