package dev.glint.exporter.pass;

import dev.glint.exporter.graph.Graph;
import java.util.List;

/** A rewrite of a graph that leaves what it computes the same, up to rounding. */
@FunctionalInterface
public interface GraphPass {
    /** The rewritten graph; the same graph if there is nothing to do. */
    Graph apply(Graph graph);

    /** What every exported graph goes through, in this order. */
    static List<GraphPass> standard() {
        return List.of(new RemoveIdentity(), new FoldBatchNorm(), new FuseClip(), new RemoveDeadCode());
    }

    /** Applies passes one after the other. */
    static Graph applyAll(List<GraphPass> passes, Graph graph) {
        Graph rewritten = graph;
        for (GraphPass pass : passes) {
            rewritten = pass.apply(rewritten);
        }
        return rewritten;
    }
}
