package dev.glint.runtime.engine.glint;

import dev.glint.runtime.onnx.OnnxGraph;
import dev.glint.runtime.onnx.OnnxNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A graph, and who takes its values. */
final class GraphView {
    private static final int SEVERAL = -2;

    private final List<OnnxNode> nodes;
    private final String output;
    /** The only node that takes a value, or {@link #SEVERAL}. */
    private final Map<String, Integer> consumers = new HashMap<>();

    private final boolean[] done;

    GraphView(OnnxGraph graph, String output) {
        this.nodes = graph.nodes();
        this.output = output;
        this.done = new boolean[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            for (String input : nodes.get(i).inputs()) {
                Integer other = consumers.put(input, i);
                if (other != null) {
                    consumers.put(input, SEVERAL);
                }
            }
        }
    }

    int size() {
        return nodes.size();
    }

    OnnxNode node(int index) {
        return nodes.get(index);
    }

    /** The index of the only node that takes a value, once; below 0 if there are others, or none, or it leaves the graph. */
    int onlyConsumer(String value) {
        return value.equals(output) ? SEVERAL : consumers.getOrDefault(value, SEVERAL);
    }

    boolean isDone(int index) {
        return done[index];
    }

    void setDone(int index) {
        done[index] = true;
    }
}
