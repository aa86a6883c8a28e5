package dev.glint.onnx.pass;

import dev.glint.onnx.graph.Graph;
import dev.glint.onnx.graph.GraphIndex;
import java.util.List;

/** A rewrite of a graph that leaves what it computes the same, up to rounding. */
@FunctionalInterface
public interface GraphPass {
    /**
     * The rewritten graph; the very same graph if there is nothing to do.
     *
     * @throws dev.glint.runtime.failure.GlintException ({@code MODEL}), naming node and rule, if a node is not as its
     *     operator demands
     */
    Graph apply(GraphIndex index);

    /** What every exported graph goes through, in this order. */
    static List<GraphPass> standard() {
        return List.of(
                new RulePass(new RemoveIdentity()),
                new RulePass(new FoldBatchNorm()),
                new RulePass(new FuseClip()),
                new RemoveDeadCode());
    }

    /** What every graph goes through before it is quantised, in this order. */
    static List<GraphPass> beforeQuantizing() {
        return List.of(
                new RulePass(new RemoveIdentity()),
                new RulePass(new FoldBatchNorm()),
                new RulePass(new FuseClip()),
                new RulePass(new HardActivationInSteps()),
                new RulePass(new RemoveRoundTrip()),
                new RulePass(new RemoveIdentity()),
                new RemoveDeadCode());
    }

    /** Applies passes one after the other. */
    @SuppressWarnings("ReferenceEquality") // A pass that changes nothing gives the same graph.
    static Graph applyAll(List<GraphPass> passes, Graph graph) {
        GraphIndex index = new GraphIndex(graph);
        for (GraphPass pass : passes) {
            Graph rewritten = pass.apply(index);
            index = rewritten == index.graph() ? index : new GraphIndex(rewritten);
        }
        return index.graph();
    }
}
